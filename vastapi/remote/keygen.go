package remote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"vastdeck/vastapi/safetext"
)

const keygenLimit = 20 * time.Second

// DefaultKeyPath is where Generate puts a key when the user names no other place.
func (c *Client) DefaultKeyPath() string { return filepath.Join(c.o.SSHDir, "id_ed25519") }

// Generate makes an ed25519 key pair with ssh-keygen and returns its public half. path
// is that of the private half. Nothing that exists is ever overwritten. The key has no
// passphrase, because nothing can ask for one here: who wants one gives it with
// "ssh-keygen -p -f PATH" afterwards.
func (c *Client) Generate(ctx context.Context, path, comment string) (LocalKey, error) {
	cmd, err := c.KeygenCommand(path, comment)
	if err != nil {
		return LocalKey{}, err
	}
	for _, p := range []string{path, path + ".pub"} {
		if _, err := os.Lstat(p); err == nil {
			return LocalKey{}, fmt.Errorf("%s is there already: it is not overwritten. Choose another name", p)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return LocalKey{}, fmt.Errorf("making a key: %w", err)
	}
	r, err := c.Output(ctx, cmd, keygenLimit)
	if err != nil {
		return LocalKey{}, err
	}
	if r.Code != 0 {
		return LocalKey{}, &Failure{Kind: FailUnknown, Sentence: "ssh-keygen made no key.", Detail: lastLine(r.Err + "\n" + r.Out)}
	}
	c.FindIdentities()
	return ReadPublicKey(path + ".pub")
}

// KeygenCommand is the call of ssh-keygen that Generate makes.
func (c *Client) KeygenCommand(path, comment string) (Command, error) {
	if path == "" {
		return Command{}, errors.New("making a key: no path was given")
	}
	if err := checkPath(path); err != nil {
		return Command{}, fmt.Errorf("making a key: %w", err)
	}
	if safetext.Clean(comment, safetext.MaxRunes) != comment {
		return Command{}, errors.New("making a key: the comment is too long or has characters that are not letters")
	}
	return Command{Path: c.o.Keygen, Args: []string{"-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path}, Env: c.environ(false)}, nil
}

// Version is the version of ssh that is used.
type Version struct {
	Text         string // as it names itself, inert: "OpenSSH_9.2p1 Debian-2"
	Major, Minor int    // 0 when it is not OpenSSH
}

// Enough reports whether it is an OpenSSH that has all that is asked of it (7.6, the
// first with accept-new).
func (v Version) Enough() bool { return v.Major > 7 || v.Major == 7 && v.Minor >= 6 }

var openSSH = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`OpenSSH(?:_for_Windows)?_([0-9]{1,3})\.([0-9]{1,3})`)
})

// Version asks ssh for its version. The error is a Failure.
func (c *Client) Version(ctx context.Context) (Version, error) {
	r, err := c.Output(ctx, Command{Path: c.o.SSH, Args: []string{"-V"}, Env: c.environ(false)}, checkLimit)
	if err != nil {
		return Version{}, err
	}
	text, _, _ := strings.Cut(strings.TrimSpace(r.Err+r.Out), "\n")
	v := Version{Text: inertLine(text)}
	if m := openSSH().FindStringSubmatch(text); m != nil {
		v.Major, _ = strconv.Atoi(m[1])
		v.Minor, _ = strconv.Atoi(m[2])
	}
	return v, nil
}
