"""No acknowledged report or photo is lost: kill -9, power cuts, full disks, and no race has two winners."""
