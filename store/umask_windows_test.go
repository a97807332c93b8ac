package store

// setUmask does nothing: Windows has no umask.
func setUmask(int) {}
