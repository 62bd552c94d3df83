@echo off
rem Stands in for reagentc in tests; the image lies where it puts it.
echo reagentc %*>>"%FAKE_LOG%"
if /i "%~1"=="/disable" copy /y "%FAKE_WINRE%" "%SystemRoot%\System32\Recovery\winre.wim" >nul
exit /b 0
