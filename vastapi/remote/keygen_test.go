package remote_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vastdeck/vastapi/remote"
)

// generates lets ssh-keygen write a key pair.
func (h *home) generates() {
	h.recorder.On("-t ed25519", remote.Reply{Do: func(c remote.Command) {
		path := c.Args[len(c.Args)-1]
		_ = os.WriteFile(path, []byte("private"), 0o600)
		_ = os.WriteFile(path+".pub", []byte(ed25519+" "+c.Args[len(c.Args)-3]+"\n"), 0o644)
	}})
}

func TestKeyIsGeneratedOnce(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.generates()
	path := h.DefaultKeyPath()
	k, err := h.Generate(t.Context(), path, "me@here")
	if err != nil || k.Path != path+".pub" || !k.Private || k.Comment != "me@here" || k.Fingerprint != hostKeyFingerprint {
		t.Fatalf("got %+v, %v", k, err)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for _, gone := range []string{"", path} { // with both halves, then with the public one alone
		_ = os.Remove(gone)
		if _, err := h.Generate(t.Context(), path, ""); err == nil || !strings.Contains(err.Error(), "not overwritten") {
			t.Errorf("got %v", err)
		}
	}
	if n := h.count("-t ed25519"); n != 1 {
		t.Errorf("ssh-keygen was called %d times", n)
	}
}

func TestKeyIsNotGeneratedAtOddPlaces(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for _, c := range [][2]string{{"", "c"}, {"relative", "c"}, {"-f", "c"}, {"/tmp/a\nb", "c"}, {h.dir + "/k", "a\nb"}, {h.dir + "/k", strings.Repeat("x", 1000)}} {
		if _, err := h.Generate(t.Context(), c[0], c[1]); err == nil {
			t.Errorf("%.40q was taken", c)
		}
	}
	h.recorder.On("-t ed25519", remote.Reply{Code: 1, Err: "Saving key failed: No space left on device\r\n"})
	_, err := h.Generate(t.Context(), h.dir+"/k", "")
	if f := remote.FailureOf(err); f == nil || f.Detail != "Saving key failed: No space left on device" {
		t.Errorf("got %v", err)
	}
}

func TestVersionOfSSH(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		major, minor int
		enough       bool
	}{
		"OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.14 4 Jun 2024\n": {9, 2, true},
		"OpenSSH_10.0p2, LibreSSL 3.3.6\n":                            {10, 0, true},
		"OpenSSH_for_Windows_8.6p1, LibreSSL 3.4.3\r\n":               {8, 6, true},
		"OpenSSH_7.6p1 Ubuntu-4\n":                                    {7, 6, true},
		"OpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017\n":           {7, 4, false},
		"Dropbear v2022.83\n":                                         {0, 0, false},
		"":                                                            {0, 0, false},
	} {
		h := newHome(t)
		h.recorder.On("-V", remote.Reply{Err: text})
		got, err := h.Version(t.Context())
		if err != nil || got.Major != want.major || got.Minor != want.minor || got.Enough() != want.enough || got.Text != strings.TrimSpace(text) {
			t.Errorf("%q: got %+v, %v", text, got, err)
		}
	}
}
