@echo off
rem Puts pemedic into a boot.wim of yours, with DISM, on Windows. See boot-wim.md.
setlocal EnableExtensions
if "%~3"=="" goto usage
set "WIM=%~f1"
set "EXE=%~f2"
set "NEW=%~f3"
set "SHELL_INI=%~dp0winpeshl.ini"
if /i "%~4"=="winre" set "SHELL_INI=%~dp0winre\winpeshl.ini"

set MISSING=
for %%i in ("%WIM%" "%EXE%" "%SHELL_INI%") do call :need %%i
if defined MISSING (
    echo build.cmd: there is no file %MISSING%
    exit /b 3
)
if /i "%WIM%"=="%NEW%" (
    echo build.cmd: the original is not changed: name another file for the result
    exit /b 64
)
call fltmc >nul 2>&1
if errorlevel 1 (
    echo build.cmd: DISM mounts images for administrators only: run this as administrator
    exit /b 5
)

copy /y "%WIM%" "%NEW%" >nul
if errorlevel 1 exit /b 1
attrib -r "%NEW%"

rem A setup medium's boot.wim has two images and boots the second.
set "REPORT=%TEMP%\pemedic-image.txt"
set IMAGES=0
set INDEX=
for /l %%i in (1,1,9) do call :look %%i
if not defined INDEX if "%IMAGES%"=="1" set INDEX=1
if not defined INDEX (
    echo build.cmd: %WIM% has %IMAGES% images and boots none of them
    exit /b 3
)
call dism /English /Get-ImageInfo /ImageFile:"%NEW%" /Index:%INDEX% >"%REPORT%"
find "Architecture : x64" "%REPORT%" >nul
if errorlevel 1 (
    echo build.cmd: image %INDEX% is not for x64; pemedic.exe is
    exit /b 1
)

set "MOUNT=%TEMP%\pemedic-mount-%RANDOM%"
md "%MOUNT%"
call dism /English /Mount-Image /ImageFile:"%NEW%" /Index:%INDEX% /MountDir:"%MOUNT%"
if errorlevel 1 exit /b 1

rem Articles and plugins that lie beside pemedic.exe go along.
set "INI=%MOUNT%\Windows\System32\winpeshl.ini"
if not exist "%MOUNT%\pemedic" md "%MOUNT%\pemedic"
copy /y "%EXE%" "%MOUNT%\pemedic\pemedic.exe" >nul
if errorlevel 1 goto discard
set "BESIDE=%~dp2"
set FAILED=
for %%i in (kb plugins) do call :take %%i
if defined FAILED goto discard
if exist "%INI%" if not exist "%INI%.before-pemedic" copy /y "%INI%" "%INI%.before-pemedic" >nul
copy /y "%SHELL_INI%" "%INI%" >nul
if errorlevel 1 goto discard
call dism /English /Unmount-Image /MountDir:"%MOUNT%" /Commit
if errorlevel 1 goto discard
rd "%MOUNT%" 2>nul
echo image %INDEX% of %NEW%: pemedic added, and started as the shell
exit /b 0

:discard
call dism /English /Unmount-Image /MountDir:"%MOUNT%" /Discard
rd "%MOUNT%" 2>nul
echo build.cmd: nothing was changed in %NEW%
exit /b 1

:look
call dism /English /Get-ImageInfo /ImageFile:"%NEW%" /Index:%1 >"%REPORT%" 2>nul
if errorlevel 1 exit /b 0
set IMAGES=%1
find "WIM Bootable : Yes" "%REPORT%" >nul
if not errorlevel 1 set INDEX=%1
exit /b 0

:need
if not exist "%~1" set "MISSING=%~1"
exit /b 0

:take
if not exist "%BESIDE%%1" exit /b 0
xcopy /e /i /q /y "%BESIDE%%1" "%MOUNT%\pemedic\%1" >nul
if errorlevel 1 set FAILED=1
exit /b 0

:usage
echo usage: build.cmd BOOT.WIM PEMEDIC.EXE NEW.WIM [winre]
echo.
echo   BOOT.WIM     your boot.wim or winre.wim; never changed
echo   PEMEDIC.EXE  with folders kb and plugins beside it, if you have more
echo   NEW.WIM      the result
echo   winre        start the recovery environment's own menu after pemedic
exit /b 64
