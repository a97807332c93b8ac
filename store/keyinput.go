package store

import (
	"context"
	"fmt"
	"io"
	"os"
)

// maxKeyInput is how much is read of something that should hold a key alone, in bytes.
const maxKeyInput = 4096

// readKeyFile reads a key from a file that the user named. Links and pipes are followed on
// purpose: --api-key-file <(pass vast) is both.
func readKeyFile(ctx context.Context, path string) (Key, error) {
	type opened struct {
		f   *os.File
		err error
	}
	ready := make(chan opened, 1)
	go func() { // a named pipe blocks here until something writes to it
		f, err := os.Open(path)
		ready <- opened{f, err}
	}()
	select {
	case o := <-ready:
		if o.err != nil {
			return Key{}, fmt.Errorf("read the key file: %w", o.err)
		}
		defer o.f.Close()
		key, err := readKey(ctx, o.f)
		if err != nil {
			return Key{}, fmt.Errorf("read the key file %s: %w", path, err)
		}
		return key, nil
	case <-ctx.Done():
		return Key{}, fmt.Errorf("read the key file: %w", context.Cause(ctx))
	}
}

// readKey reads a key from r to its end, or until ctx ends.
func readKey(ctx context.Context, r io.Reader) (Key, error) {
	type read struct {
		key Key
		err error
	}
	done := make(chan read, 1)
	go func() {
		data, err := readLimited(r, "a key", maxKeyInput)
		if err != nil {
			done <- read{err: err}
			return
		}
		key, err := ParseKey(string(data))
		done <- read{key, err}
	}()
	select {
	case got := <-done:
		return got.key, got.err
	case <-ctx.Done():
		return Key{}, context.Cause(ctx)
	}
}
