@echo off
rem Stands in for DISM in tests: images that %FAKE_IMAGES% and %FAKE_BOOTS% describe,
rem mounted as a copy of the folder %FAKE_IMAGE%. %FAKE_LOG% gets what was asked.
echo dism %2 %4>>"%FAKE_LOG%"
if /i "%~2"=="/Get-ImageInfo" goto look
if /i "%~2"=="/Mount-Image" goto mount
if /i "%~2"=="/Unmount-Image" goto unmount
exit /b 87

:look
if "%~4"=="/Index:1" goto first
if "%~4"=="/Index:2" if "%FAKE_IMAGES%"=="2" goto second
exit /b 87
:first
echo Index : 1
if "%FAKE_BOOTS%"=="1" (echo WIM Bootable : Yes) else (echo WIM Bootable : No)
echo Architecture : %FAKE_ARCHITECTURE%
exit /b 0
:second
echo Index : 2
if "%FAKE_BOOTS%"=="2" (echo WIM Bootable : Yes) else (echo WIM Bootable : No)
echo Architecture : %FAKE_ARCHITECTURE%
exit /b 0

:mount
if defined FAKE_MOUNT_FAILS exit /b 1
set MOUNTED=%5
set MOUNTED=%MOUNTED:~10%
xcopy /e /i /q /y "%FAKE_IMAGE%" %MOUNTED% >nul
exit /b 0

:unmount
set MOUNTED=%3
set MOUNTED=%MOUNTED:~10%
if /i "%~4"=="/Commit" if defined FAKE_COMMIT_FAILS exit /b 1
if /i "%~4"=="/Commit" xcopy /e /i /q /y %MOUNTED% "%FAKE_COMMITTED%" >nul
rd /s /q %MOUNTED%
exit /b 0
