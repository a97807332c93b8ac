//go:build unix

package store

import (
	"os"
	"strconv"
	"testing"
)

func TestKeyFileMayBeAPipe(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := w.WriteString("key-from-pipe\n"); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	s := NewSecrets(newFake(), os.Getenv)
	key, source, err := s.Find(t.Context(), Request{Profile: profile, Host: host, KeyFile: "/dev/fd/" + strconv.Itoa(int(r.Fd()))})
	if err != nil || source != SourceFile || key.Reveal() != "key-from-pipe" {
		t.Errorf("found %q from %q (%v)", key.Reveal(), source, err)
	}
}
