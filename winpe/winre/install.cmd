@echo off
rem Adds pemedic to the recovery environment of the Windows this runs on. See winre.md.
setlocal EnableExtensions
if "%~1"=="" goto usage
set "EXE=%~f1"
set "WIM=%SystemRoot%\System32\Recovery\winre.wim"
set "TOOLS=sources\recovery\tools"
set MISSING=
for %%i in ("%EXE%" "%~dp0WinREConfig.xml" "%~dp0BootShell.xml") do call :need %%i
if defined MISSING (
    echo install.cmd: there is no file %MISSING%
    exit /b 3
)
call fltmc >nul 2>&1
if errorlevel 1 (
    echo install.cmd: run this as administrator
    exit /b 5
)

rem Switched off, the recovery environment's image lies in %SystemRoot%\System32\Recovery.
call reagentc /disable
if not exist "%WIM%" (
    echo install.cmd: this Windows has no recovery image at %WIM%
    call reagentc /enable
    exit /b 3
)
attrib -r -s -h "%WIM%"
copy /y "%WIM%" "%WIM%.before-pemedic" >nul
if errorlevel 1 goto enable

set "MOUNT=%TEMP%\pemedic-mount-%RANDOM%"
md "%MOUNT%"
call dism /English /Mount-Image /ImageFile:"%WIM%" /Index:1 /MountDir:"%MOUNT%"
if errorlevel 1 goto enable
if not exist "%MOUNT%\%TOOLS%" md "%MOUNT%\%TOOLS%"
copy /y "%EXE%" "%MOUNT%\%TOOLS%\pemedic.exe" >nul
if errorlevel 1 goto discard
copy /y "%~dp0WinREConfig.xml" "%MOUNT%\%TOOLS%\WinREConfig.xml" >nul
if errorlevel 1 goto discard
call dism /English /Unmount-Image /MountDir:"%MOUNT%" /Commit
if errorlevel 1 goto discard
rd "%MOUNT%" 2>nul

call reagentc /setbootshelllink /configfile "%~dp0BootShell.xml"
call reagentc /enable
if errorlevel 1 exit /b 1
call reagentc /info
echo pemedic is in the recovery environment: Troubleshoot, Repair with pemedic
exit /b 0

:discard
call dism /English /Unmount-Image /MountDir:"%MOUNT%" /Discard
rd "%MOUNT%" 2>nul
:enable
call reagentc /enable
echo install.cmd: nothing was changed
exit /b 1

:need
if not exist "%~1" set "MISSING=%~1"
exit /b 0

:usage
echo usage: install.cmd PEMEDIC.EXE
exit /b 64
