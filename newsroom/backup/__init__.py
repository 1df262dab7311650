"""One file with the whole database in it: made, checked and brought back, all or nothing."""
