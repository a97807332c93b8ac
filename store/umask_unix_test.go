//go:build unix

package store

import "syscall"

func setUmask(mask int) { syscall.Umask(mask) }
