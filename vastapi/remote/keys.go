package remote

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vastdeck/vastapi/safetext"
)

const (
	maxPublicKey = 16 << 10 // bytes of a line; an RSA key of 16384 bits has under 3 KB
	maxKeyFiles  = 200
)

// The kinds of key that OpenSSH and the API take.
var keyTypes = []string{
	"ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
	"sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
}

// bareOpenSSH is how the base64 of OpenSSH's private keys begins ("openssh-key-v1").
const bareOpenSSH = "b3BlbnNzaC1rZXktdjE"

// What a text that is not one public key is refused with.
var (
	ErrPrivateKey = errors.New("this is a private key: it must never leave this machine. Take the .pub file beside it")
	errNoKey      = errors.New("this is not a public key: it begins with ssh-ed25519, ssh-rsa, ecdsa-sha2-… or sk-…, on one line")
	errKeyLines   = errors.New("these are several lines: a public key is one line")
	errKeyLong    = errors.New("this is too long for a public key")
	errKeyCut     = errors.New("this public key is damaged: its middle part cannot be read. Copy the whole line")
)

// ParsePublicKey reads one public key as it stands in a .pub file: type, base64 and an
// optional comment. Private keys, options before the key (as authorized_keys has them)
// and further lines are refused with a sentence.
func ParsePublicKey(text string) (LocalKey, error) {
	upper := strings.ToUpper(text)
	if strings.Contains(upper, "PRIVATE KEY") || strings.Contains(upper, "PUTTY-USER-KEY-FILE") || strings.Contains(text, bareOpenSSH) {
		return LocalKey{}, ErrPrivateKey
	}
	text = strings.Trim(text, " \t\r\n")
	switch {
	case len(text) > maxPublicKey:
		return LocalKey{}, errKeyLong
	case strings.ContainsAny(text, "\r\n\x00\v\f"):
		return LocalKey{}, errKeyLines
	}
	words := strings.Fields(text)
	if len(words) < 2 || !slices.Contains(keyTypes, words[0]) {
		return LocalKey{}, errNoKey
	}
	blob, err := base64.StdEncoding.DecodeString(words[1])
	if err != nil || !isBlobOf(blob, words[0]) {
		return LocalKey{}, errKeyCut
	}
	k := LocalKey{Type: words[0], Fingerprint: fingerprint(blob)}
	k.Comment = safetext.Clean(strings.Join(words[2:], " "), safetext.MaxRunes)
	k.Public = strings.TrimSpace(words[0] + " " + words[1] + " " + k.Comment)
	return k, nil
}

// isBlobOf reports whether a decoded key is a whole sequence of strings that begins
// with its own type (RFC 4253 section 6.6).
func isBlobOf(blob []byte, kind string) bool {
	for first := true; len(blob) > 0; first = false {
		if len(blob) < 4 {
			return false
		}
		n := binary.BigEndian.Uint32(blob)
		if uint64(n) > uint64(len(blob)-4) {
			return false
		}
		if first && string(blob[4:4+n]) != kind {
			return false
		}
		if blob = blob[4+n:]; first && len(blob) == 0 {
			return false
		}
	}
	return true
}

// fingerprint is that of a decoded key, as ssh-keygen -l prints it.
func fingerprint(blob []byte) string {
	sum := sha256.Sum256(blob)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// LocalKeys are the public keys in the ssh folder, those that ssh offers first, by path.
// Files that hold no public
// key are left out, and so is a link that leads out of the folder. A missing folder
// has no keys.
func (c *Client) LocalKeys() ([]LocalKey, error) {
	root, err := os.OpenRoot(c.o.SSHDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the keys of this machine: %w", err)
	}
	defer root.Close()
	names, err := fs.Glob(root.FS(), "*.pub")
	if err != nil {
		return nil, fmt.Errorf("reading the keys of this machine: %w", err)
	}
	var keys []LocalKey
	for _, name := range names[:min(len(names), maxKeyFiles)] {
		k, err := c.localKey(root, name)
		if err == nil {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b LocalKey) int {
		return cmp.Or(cmp.Compare(rank(c.offers(a)), rank(c.offers(b))), cmp.Compare(a.Path, b.Path))
	})
	c.FindIdentities()
	return keys, nil
}

// rank puts what is so before what is not.
func rank(so bool) int {
	if so {
		return 0
	}
	return 1
}

// localKey reads one file. The folder is opened as a root: a link to elsewhere fails.
func (c *Client) localKey(root *os.Root, name string) (LocalKey, error) {
	info, err := root.Stat(name)
	if err != nil {
		return LocalKey{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxPublicKey {
		return LocalKey{}, errNotRegular
	}
	data, err := root.ReadFile(name)
	if err != nil {
		return LocalKey{}, err
	}
	k, err := ParsePublicKey(string(data))
	if err != nil {
		return LocalKey{}, err
	}
	k.Path = filepath.Join(c.o.SSHDir, name)
	private, err := root.Stat(strings.TrimSuffix(name, ".pub"))
	k.Private = err == nil && private.Mode().IsRegular()
	return k, nil
}

// ReadPublicKey reads a public key from a file of the user's choice.
func ReadPublicKey(path string) (LocalKey, error) {
	data, err := readRegular(path, maxPublicKey)
	if err != nil {
		return LocalKey{}, fmt.Errorf("reading a public key: %w", err)
	}
	k, err := ParsePublicKey(string(data))
	if err != nil {
		return LocalKey{}, err
	}
	k.Path = path
	private, err := os.Stat(strings.TrimSuffix(path, ".pub"))
	k.Private = strings.HasSuffix(path, ".pub") && err == nil && private.Mode().IsRegular()
	return k, nil
}
