package remote

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// agentLimit is how long the agent has to tell its keys.
const agentLimit = 3 * time.Second

// maxHead is how much of a private key is looked at: whether it has a passphrase stands
// at its beginning.
const maxHead = 1 << 10

// isLocked reports whether a private key can only be used with a passphrase. Nothing of
// the key itself is kept.
func isLocked(path string) bool {
	f, err := os.OpenFile(path, os.O_RDONLY|noBlock, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	head, _ := io.ReadAll(io.LimitReader(f, maxHead))
	defer clear(head)
	switch {
	case bytes.Contains(head, []byte("BEGIN ENCRYPTED PRIVATE KEY")), bytes.Contains(head, []byte("Proc-Type: 4,ENCRYPTED")):
		return true
	case !bytes.Contains(head, []byte("BEGIN OPENSSH PRIVATE KEY")):
		return false
	}
	return lockedOpenSSH(head)
}

// openSSHMagic begins a key of OpenSSH's own format, before the name of its cipher
// (PROTOCOL.key of OpenSSH).
const openSSHMagic = "openssh-key-v1\x00"

func lockedOpenSSH(head []byte) bool {
	_, body, _ := bytes.Cut(head, []byte("\n"))
	body = bytes.ReplaceAll(body, []byte("\n"), nil)
	body = bytes.ReplaceAll(body, []byte("\r"), nil)
	body = body[:min(len(body), 64)]
	raw := make([]byte, 48)
	n, err := base64.StdEncoding.Decode(raw, body[:len(body)/4*4])
	defer clear(raw)
	rest, ok := bytes.CutPrefix(raw[:n], []byte(openSSHMagic))
	if err != nil || !ok || len(rest) < 4 {
		return false
	}
	length := binary.BigEndian.Uint32(rest)
	return uint64(length) <= uint64(len(rest)-4) && string(rest[4:4+length]) != "none"
}

// agentKeys are the fingerprints of the keys that the agent holds, none when there is no
// agent.
func (c *Client) agentKeys(ctx context.Context) []string {
	tool := programOr("", besides(c.o.SSH, "ssh-add"))
	r, err := c.Output(ctx, Command{Path: tool, Args: []string{"-l"}, Env: c.environ(false)}, agentLimit)
	if err != nil || r.Code != 0 {
		return nil
	}
	var all []string
	for line := range strings.Lines(r.Out) { // "256 SHA256:… comment (ED25519)"
		if words := strings.Fields(line); len(words) > 1 && strings.HasPrefix(words[1], "SHA256:") {
			all = append(all, words[1])
		}
	}
	return all
}

// usable are those of some keys that ssh offers: the one of the settings alone when they
// name one, else those with a usual name and those that the agent holds.
func (c *Client) usable(keys []LocalKey, agent []string) []LocalKey {
	if c.o.Identity != "" {
		if i := slices.IndexFunc(keys, c.offers); i >= 0 {
			return keys[i : i+1]
		}
		if k, err := ReadPublicKey(c.o.Identity + ".pub"); err == nil {
			return []LocalKey{k}
		}
		return nil
	}
	return slices.DeleteFunc(slices.Clone(keys), func(k LocalKey) bool {
		return !(k.Private && c.offers(k)) && !slices.Contains(agent, k.Fingerprint)
	})
}

// lockedKey is the path of the first private key that ssh would offer if it knew the
// passphrase, "" when there is none. Without a terminal ssh cannot ask for it.
func (c *Client) lockedKey(ctx context.Context) string {
	paths := []string{c.o.Identity}
	if c.o.Identity == "" {
		c.keys.Lock()
		paths = slices.Clone(c.identities)
		c.keys.Unlock()
		for _, name := range usualKeys {
			paths = append(paths, filepath.Join(c.o.SSHDir, name))
		}
	}
	paths = slices.DeleteFunc(paths, func(p string) bool { return !isLocked(p) })
	if len(paths) == 0 {
		return ""
	}
	agent := c.agentKeys(ctx)
	for _, path := range paths {
		k, err := ReadPublicKey(path + ".pub")
		if err != nil || !slices.Contains(agent, k.Fingerprint) {
			return path
		}
	}
	return ""
}

// whyDenied adds to a log-in that was refused what this machine knows about it.
func (c *Client) whyDenied(ctx context.Context, f *Failure) *Failure {
	if f.Kind != FailDenied {
		return f
	}
	if path := c.lockedKey(ctx); path != "" {
		more := *f
		more.Next = "The key " + inertLine(path) + " has a passphrase, which cannot be asked for here: run ssh-add " + inertLine(path) + ", and try again. " + f.Next
		return &more
	}
	return f
}
