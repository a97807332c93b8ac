package remote

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi"
)

// filesLimit is how long it is waited for other copies of the program that change the
// same file. It takes each some milliseconds, on a slow disk tenths of a second.
const filesLimit = 20 * time.Second

// ForgetHost drops the pinned host key of an instance from our own file: it was
// destroyed, or the user has said that its key may be another one now. It reports
// whether there was one.
func (c *Client) ForgetHost(id vastapi.InstanceID) (bool, error) {
	c.files.Lock()
	defer c.files.Unlock()
	if data, err := c.readKnown(); err != nil || data == nil {
		return false, err
	}
	// Another copy of the program may be taking out another host.
	ctx, cancel := context.WithTimeout(context.Background(), filesLimit)
	defer cancel()
	done, err := lockFile(ctx, c.o.KnownHosts+".lock")
	if err != nil {
		return false, fmt.Errorf("forgetting a host key: %w", err)
	}
	defer done()
	data, err := c.readKnown()
	if err != nil || data == nil {
		return false, err
	}
	kept := withoutHost(data, Alias(id))
	if len(kept) == len(data) {
		return false, nil
	}
	if err := replaceFile(c.o.KnownHosts, kept, 0o600); err != nil {
		return false, err
	}
	return true, nil
}

// KnownHost is the host key that is pinned for an instance as "ssh-ed25519 SHA256:…",
// "" when none is. Of several the first is given, which is what ssh added first.
func (c *Client) KnownHost(id vastapi.InstanceID) (string, error) {
	data, err := c.readKnown()
	if err != nil {
		return "", err
	}
	for line := range bytes.Lines(data) {
		hosts, rest := splitKnown(line)
		if !slices.ContainsFunc(strings.Split(hosts, ","), func(h string) bool { return isHost(h, Alias(id)) }) {
			continue
		}
		words := strings.Fields(rest)
		if len(words) < 2 {
			continue
		}
		if blob, err := base64.StdEncoding.DecodeString(words[1]); err == nil {
			return inertLine(words[0]) + " " + fingerprint(blob), nil
		}
	}
	return "", nil
}

func (c *Client) readKnown() ([]byte, error) {
	data, err := readRegular(c.o.KnownHosts, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading host keys: %w", err)
	}
	return data, nil
}

// withoutHost is a known_hosts file without the host. Everything else in it, other
// hosts on the same line included, stays byte for byte.
func withoutHost(data []byte, host string) []byte {
	kept := make([]byte, 0, len(data))
	for line := range bytes.Lines(data) {
		hosts, _ := splitKnown(line)
		if hosts == "" {
			kept = append(kept, line...)
			continue
		}
		names := strings.Split(hosts, ",")
		others := slices.DeleteFunc(slices.Clone(names), func(h string) bool { return isHost(h, host) })
		switch len(others) {
		case len(names):
			kept = append(kept, line...)
		case 0:
		default:
			at := bytes.Index(line, []byte(hosts))
			kept = append(kept, line[:at]...)
			kept = append(kept, strings.Join(others, ",")...)
			kept = append(kept, line[at+len(hosts):]...)
		}
	}
	return kept
}

// splitKnown takes the hosts of a line from the rest; "" for a comment or an empty
// line, and for one with a marker such as @revoked before the hosts, which says
// something else than that a key is pinned.
func splitKnown(line []byte) (hosts, rest string) {
	text := strings.TrimLeft(string(line), " \t")
	if text == "" || text[0] == '#' || text[0] == '@' {
		return "", ""
	}
	at := strings.IndexAny(text, " \t\r\n")
	if at < 0 {
		return "", ""
	}
	return text[:at], text[at:]
}

// isHost compares a host of the file, plain or hashed (|1|salt|HMAC-SHA1 of the name).
func isHost(entry, host string) bool {
	hashed, ok := strings.CutPrefix(entry, "|1|")
	if !ok {
		return strings.EqualFold(entry, host)
	}
	salt, sum, _ := strings.Cut(hashed, "|")
	key, err := base64.StdEncoding.DecodeString(salt)
	if err != nil {
		return false
	}
	want, err := base64.StdEncoding.DecodeString(sum)
	if err != nil {
		return false
	}
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(host))
	return subtle.ConstantTimeCompare(mac.Sum(nil), want) == 1
}
