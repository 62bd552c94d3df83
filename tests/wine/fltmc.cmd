@echo off
rem Stands in for a program that succeeds for administrators.
if defined FAKE_NOT_ADMINISTRATOR exit /b 1
exit /b 0
