package remote_test

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vastdeck/vastapi/remote"
)

const ed25519 = "ssh-ed25519 " + hostKey

func TestFingerprintsAreThoseOfSSHKeygen(t *testing.T) {
	t.Parallel()
	n := 0
	for line := range strings.Lines(read(t, filepath.Join("testdata", "keys", "fingerprints.txt"))) {
		name, want, _ := strings.Cut(strings.TrimSpace(line), " ")
		text := read(t, filepath.Join("testdata", "keys", name))
		k, err := remote.ParsePublicKey(text)
		if err != nil || k.Fingerprint != want || k.Public != strings.TrimSpace(text) || !strings.HasPrefix(k.Comment, "me@") {
			t.Errorf("%s: got %+v, %v", name, k, err)
		}
		n++
	}
	if n != 5 {
		t.Errorf("%d keys were compared", n)
	}
}

func TestPrivateKeysAreRefusedWithASentence(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"openssh":      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----\n",
		"pem":          "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n",
		"pkcs8":        "-----begin encrypted private key-----\nMIIE\n",
		"putty":        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n",
		"bare":         "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU=",
		"behind a key": ed25519 + "\n-----BEGIN OPENSSH PRIVATE KEY-----\n",
		"in a comment": ed25519 + " -----BEGIN EC PRIVATE KEY-----",
	} {
		if k, err := remote.ParsePublicKey(text); !errors.Is(err, remote.ErrPrivateKey) {
			t.Errorf("%s: got %+v, %v", name, k, err)
		}
	}
}

func TestWhatIsNoPublicKeyIsRefused(t *testing.T) {
	t.Parallel()
	other := base64.StdEncoding.EncodeToString([]byte("\x00\x00\x00\x07ssh-rsa\x00\x00\x00\x01x"))
	for name, text := range map[string]string{
		"nothing": "", "words": "hello world", "no key": "ssh-ed25519", "no base64": "ssh-ed25519 !!!!", "cut": ed25519[:40], "other type": "ssh-ed25519 " + other,
		"type alone": "ssh-rsa " + base64.StdEncoding.EncodeToString([]byte("\x00\x00\x00\x07ssh-rsa")),
		"trailing":   "ssh-ed25519 " + base64.StdEncoding.EncodeToString([]byte("\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x01x\x00")),
		"length":     "ssh-ed25519 " + base64.StdEncoding.EncodeToString([]byte("\xff\xff\xff\xffssh-ed25519")),
		"options":    `command="id" ` + ed25519, "options 2": "no-pty " + ed25519, "from": `from="*" ` + ed25519, "cert-authority": "cert-authority " + ed25519,
		"two keys": ed25519 + "\n" + ed25519, "carriage return": ed25519 + " a\rb", "nul": ed25519 + " a\x00b", "long": ed25519 + " " + strings.Repeat("x", 20<<10),
		"comment": "# " + ed25519, "host": "vast-42 " + ed25519,
	} {
		if k, err := remote.ParsePublicKey(text); err == nil {
			t.Errorf("%s: got %+v", name, k)
		} else if strings.Contains(err.Error(), "\n") || len(err.Error()) > 200 {
			t.Errorf("%s: says %q", name, err)
		}
	}
}

func TestCommentIsInert(t *testing.T) {
	t.Parallel()
	k, err := remote.ParsePublicKey(" " + ed25519 + "   \x1b]0;x\a me \u202e too \n")
	if err != nil || strings.ContainsAny(k.Comment+k.Public, "\x1b\a\u202e\n") || !strings.HasPrefix(k.Public, ed25519+" ") {
		t.Errorf("got %+v, %v", k, err)
	}
	if k, err := remote.ParsePublicKey(ed25519); err != nil || k.Public != ed25519 || k.Comment != "" {
		t.Errorf("got %+v, %v", k, err)
	}
}

// ssh writes files into the ssh folder of a home.
func (h *home) ssh(t *testing.T, files map[string]string) {
	t.Helper()
	must(t, os.MkdirAll(h.options.SSHDir, 0o700))
	for name, text := range files {
		must(t, os.WriteFile(filepath.Join(h.options.SSHDir, name), []byte(text), 0o600))
	}
}

func TestKeysOfThisMachine(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if keys, err := h.LocalKeys(); len(keys) != 0 || err != nil {
		t.Errorf("without a folder: %v, %v", keys, err)
	}
	h.ssh(t, map[string]string{
		"id_b.pub": ed25519 + " b\n", "id_a.pub": ed25519 + " a", "id_a": "private", "config": "x", "private.pub": "-----BEGIN OPENSSH PRIVATE KEY-----",
		"junk.pub": "\x00\x01", "huge.pub": ed25519 + strings.Repeat(" ", 1<<20), "known_hosts": "vast-1 " + ed25519,
	})
	outside := filepath.Join(h.dir, "outside.pub")
	must(t, os.WriteFile(outside, []byte(ed25519+" outside"), 0o600))
	must(t, os.Symlink(outside, filepath.Join(h.options.SSHDir, "link-out.pub")))
	must(t, os.Symlink("../outside.pub", filepath.Join(h.options.SSHDir, "link-up.pub")))
	must(t, os.Symlink("id_b.pub", filepath.Join(h.options.SSHDir, "link-in.pub")))
	must(t, os.Mkdir(filepath.Join(h.options.SSHDir, "folder.pub"), 0o700))
	keys, err := h.LocalKeys()
	must(t, err)
	var got []string
	for _, k := range keys {
		if k.Fingerprint != hostKeyFingerprint || k.Type != "ssh-ed25519" {
			t.Errorf("got %+v", k)
		}
		got = append(got, filepath.Base(k.Path)+" "+k.Comment+map[bool]string{true: " private"}[k.Private])
	}
	if want := "id_a.pub a private|id_b.pub b|link-in.pub b"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPublicKeyIsReadFromAFile(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.ssh(t, map[string]string{"id.pub": ed25519 + " me\n", "id": "-----BEGIN OPENSSH PRIVATE KEY-----\n", "other": ed25519})
	in := func(name string) string { return filepath.Join(h.options.SSHDir, name) }
	if k, err := remote.ReadPublicKey(in("id.pub")); err != nil || k.Path != in("id.pub") || !k.Private || k.Comment != "me" {
		t.Errorf("got %+v, %v", k, err)
	}
	if k, err := remote.ReadPublicKey(in("other")); err != nil || k.Private {
		t.Errorf("got %+v, %v", k, err)
	}
	if _, err := remote.ReadPublicKey(in("id")); !errors.Is(err, remote.ErrPrivateKey) {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{"missing", "."} {
		if _, err := remote.ReadPublicKey(in(name)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func FuzzParsingAPublicKey(f *testing.F) {
	f.Add(ed25519 + " me@here")
	f.Add("command=\"x\" " + ed25519)
	f.Add("-----BEGIN OPENSSH PRIVATE KEY-----")
	for _, p := range payloads {
		f.Add(ed25519 + " " + p)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, err := remote.ParsePublicKey(text)
		if err != nil {
			return
		}
		if strings.ContainsAny(k.Public, "\r\n\x00\x1b") || strings.Contains(strings.ToUpper(k.Public), "PRIVATE KEY") || !strings.HasPrefix(k.Public, k.Type+" ") {
			t.Errorf("%q became %q", text, k.Public)
		}
		again, err := remote.ParsePublicKey(k.Public)
		if err != nil || again != k {
			t.Errorf("%q: once %+v, twice %+v, %v", text, k, again, err)
		}
	})
}
