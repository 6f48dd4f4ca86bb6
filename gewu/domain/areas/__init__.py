"""District > subdistrict > community > grid > micro-grid: the tree, its borders and their versions, point -> grid."""
