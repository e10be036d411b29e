"""What each sheet of a unit's workbook holds, one module a sheet. All pure."""
