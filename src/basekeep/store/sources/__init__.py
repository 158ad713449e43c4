"""The operator's own files: read through a SELECT, checked cell by cell, accounted for row by row."""
