Param([Parameter(Mandatory=$false)][string]$fix='',[Parameter(Mandatory=$false)][string]$url='',[Parameter(Mandatory=$false)][string]$sha256='')
# .SUMMARY
#   Scans every attached Windows installation with pemedic; with a fix named, applies it, verified and undoable.
#
# .RESOLVES
#   Boot and service failures whose cause is in the registry or the files of the installation: see pemedic kb list.
#
# .PARAMETERS
#   fix     an article (kb968001) or one of its fixes (kb968001/name); empty: scan only
#   url     where pemedic.exe is downloaded from when it is not at hand, with
#   sha256  the hash it must have

. .\src\windows\common\setup\init.ps1

function Find-Pemedic {
    $places = '.\src\windows\common\tools\pemedic.exe', 'C:\pemedic\pemedic.exe'
    foreach ($place in $places) {
        if (Test-Path -Path $place) { return (Resolve-Path -Path $place).Path }
    }
    if (-not ($url -and $sha256)) { return $null }
    $folder = New-Item -ItemType Directory -Force -Path 'C:\pemedic'
    $file = Join-Path -Path $folder.FullName -ChildPath 'pemedic.exe'
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
    Invoke-WebRequest -UseBasicParsing -Uri $url -OutFile $file
    if ((Get-FileHash -Path $file -Algorithm SHA256).Hash -ne $sha256) {
        Remove-Item -Path $file
        return $null
    }
    return $file
}

# Data disks may be offline, and their letters differ from one rescue VM to the next.
function Get-WindowsVolume {
    Get-Disk | Where-Object { $_.IsOffline } | Set-Disk -IsOffline $false
    Get-Disk | Where-Object { $_.IsReadOnly } | Set-Disk -IsReadOnly $false
    $letters = (Get-Partition | Where-Object { $_.DriveLetter }).DriveLetter
    foreach ($letter in $letters) {
        $root = "$($letter):\"
        if ("$($letter):" -ne $env:SystemDrive -and (Test-Path -Path "$($root)Windows\System32\config\SYSTEM")) { $root }
    }
}

$exe = Find-Pemedic
if (-not $exe) {
    Log-Error 'pemedic.exe was not found: put it into src\windows\common\tools or C:\pemedic, or give url and sha256'
    return $STATUS_ERROR
}
$volumes = @(Get-WindowsVolume)
if ($volumes.Count -eq 0) {
    Log-Error 'no attached volume has a Windows installation'
    return $STATUS_ERROR
}

$status = $STATUS_SUCCESS
foreach ($volume in $volumes) {
    if ($fix) {
        $text = & $exe apply $fix --target $volume --yes --json 2>$null | Out-String
    } else {
        $text = & $exe scan --target $volume --json 2>$null | Out-String
    }
    $code = $LASTEXITCODE
    $report = $text | ConvertFrom-Json
    if ($report.error) {
        Log-Error "$volume $($report.error)"
    } elseif ($fix) {
        Log-Output "$volume $($report.outcome) receipt $($report.receipt) $($report.failure)"
    } else {
        $needed = @($report.fixes | Where-Object { $_.status -eq 'needed' } | ForEach-Object { $_.fix })
        Log-Output "$volume needed: $($needed -join ', ')"
    }
    # 0 done, 2 a scan found something; everything else went wrong and changed nothing.
    if ($code -ne 0 -and $code -ne 2) {
        Log-Error "$volume exit code $code"
        $status = $STATUS_ERROR
    }
}
return $status
