@echo off
rem Makes an archive that Ventoy unpacks over a PE image. See ..\ventoy.md.
setlocal EnableExtensions
if "%~2"=="" (
    echo usage: make-archive.cmd PEMEDIC.EXE OUT.ZIP [files]
    exit /b 64
)
if not exist "%~f1" (
    echo make-archive.cmd: there is no file %~f1
    exit /b 3
)
set "WORK=%TEMP%\pemedic-ventoy-%RANDOM%"
md "%WORK%\pemedic"
copy /y "%~f1" "%WORK%\pemedic\pemedic.exe" >nul
set "BESIDE=%~dp1"
for %%i in (kb plugins) do call :take %%i
set PARTS=pemedic
if /i not "%~3"=="files" (
    md "%WORK%\Windows\System32"
    copy /y "%~dp0..\winpeshl.ini" "%WORK%\Windows\System32\winpeshl.ini" >nul
    set PARTS=pemedic Windows
)
if exist "%~f2" del "%~f2"
tar -a -c -f "%~f2" -C "%WORK%" %PARTS%
set RESULT=%ERRORLEVEL%
rd /s /q "%WORK%"
exit /b %RESULT%

:take
if exist "%BESIDE%%1" xcopy /e /i /q /y "%BESIDE%%1" "%WORK%\pemedic\%1" >nul
exit /b 0
