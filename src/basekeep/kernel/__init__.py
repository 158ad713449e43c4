"""Words for all rooms: months, places, findings, errors, masking. Standard library only."""
