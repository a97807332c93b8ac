package remote_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vastdeck/vastapi"
)

// A host key and its fingerprint, as ssh-keygen printed it.
const (
	hostKey            = "AAAAC3NzaC1lZDI1NTE5AAAAIMZJeSX1u4nH6UPpJLrNHhTyGUEHMFAXAV6WRSQJjVgL"
	hostKeyFingerprint = "SHA256:b/U8Ioq22FncM9+BlIJwocp8Q/yQL2UyIf0oseVkc+8"
)

func hashed(host string) string {
	salt := []byte("01234567890123456789")
	mac := hmac.New(sha1.New, salt)
	mac.Write([]byte(host))
	return "|1|" + base64.StdEncoding.EncodeToString(salt) + "|" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// knows writes the host keys of a home.
func (h *home) knows(t *testing.T, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(h.options.KnownHosts), 0o700))
	must(t, os.WriteFile(h.options.KnownHosts, []byte(text), 0o600))
}

func (h *home) known(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(h.options.KnownHosts)
	must(t, err)
	return string(data)
}

func TestForgottenHostIsGoneAndNothingElse(t *testing.T) {
	t.Parallel()
	key := " ssh-ed25519 " + hostKey
	h := newHome(t)
	h.knows(t, strings.Join([]string{
		"# a comment about vast-42", "", "vast-4" + key, "vast-42" + key, "vast-421" + key, hashed("vast-42") + key, hashed("vast-43") + key,
		"  vast-42" + key, "a,vast-42,b" + key + " comment vast-42", "VAST-42 ssh-rsa AAAA", "@revoked vast-42" + key, "vast-42", "*" + key, "|1|x" + key,
		"vast-42\tssh-rsa AAAA\r", "last" + key,
	}, "\n"))
	was, err := h.ForgetHost(42)
	if err != nil || !was {
		t.Fatal(was, err)
	}
	want := strings.Join([]string{
		"# a comment about vast-42", "", "vast-4" + key, "vast-421" + key, hashed("vast-43") + key, "a,b" + key + " comment vast-42",
		"@revoked vast-42" + key, "*" + key, "|1|x" + key, "last" + key,
	}, "\n")
	if got := h.known(t); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if info, err := os.Stat(h.options.KnownHosts); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if was, err := h.ForgetHost(42); was || err != nil {
		t.Errorf("the second time: %v, %v", was, err)
	}
}

func TestForgettingWithoutAFileIsNoError(t *testing.T) {
	t.Parallel()
	if was, err := newHome(t).ForgetHost(42); was || err != nil {
		t.Errorf("got %v, %v", was, err)
	}
}

func TestHostKeysAreNotReadThroughALink(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	secret := filepath.Join(h.dir, "secret")
	must(t, os.WriteFile(secret, []byte("vast-42 ssh-ed25519 "+hostKey+"\n"), 0o600))
	must(t, os.MkdirAll(filepath.Dir(h.options.KnownHosts), 0o700))
	must(t, os.Symlink(secret, h.options.KnownHosts))
	if was, err := h.ForgetHost(42); was || err == nil {
		t.Errorf("got %v, %v", was, err)
	}
}

func TestPinnedKeyIsTold(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.knows(t, "vast-1 ssh-ed25519 not!base64\nvast-1\n"+hashed("vast-42")+" ssh-ed25519 "+hostKey+"\nvast-42 ssh-rsa AAAA\n")
	for id, want := range map[vastapi.InstanceID]string{42: "ssh-ed25519 " + hostKeyFingerprint, 1: "", 43: ""} {
		if got, err := h.KnownHost(id); got != want || err != nil {
			t.Errorf("%d: got %q, %v", id, got, err)
		}
	}
}

func TestCopiesOfTheProgramForgetAtOnceWithoutLosingAnything(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	must(t, h.Prepare())
	var all strings.Builder
	for n := range 13 {
		fmt.Fprintf(&all, "vast-%d ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ\n", n+1)
	}
	must(t, os.WriteFile(h.options.KnownHosts, []byte(all.String()), 0o600))
	var wait sync.WaitGroup
	for n := range 12 {
		program := client(t, h.options)
		wait.Go(func() {
			if had, err := program.ForgetHost(vastapi.InstanceID(n + 1)); !had || err != nil {
				t.Errorf("%d: %v, %v", n+1, had, err)
			}
		})
	}
	wait.Wait()
	if data, err := os.ReadFile(h.options.KnownHosts); err != nil || string(data) != "vast-13 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ\n" {
		t.Errorf("left %q, %v", data, err)
	}
	if _, err := os.Lstat(h.options.KnownHosts + ".lock"); err == nil {
		t.Error("the lock is left")
	}
}
