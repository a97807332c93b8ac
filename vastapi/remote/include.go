package remote

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// UserConfig is the user's own configuration of ssh.
func (c *Client) UserConfig() string { return filepath.Join(c.o.SSHDir, "config") }

// IncludeLine is the one line that Include adds to the user's own configuration.
func (c *Client) IncludeLine() string { return "Include " + includePath(c.o.ConfigFile) }

// includePath quotes a path for Include, where patterns count and tokens do not.
func includePath(path string) string {
	path = filepath.ToSlash(path)
	if strings.ContainsAny(path, " #=") {
		return `"` + path + `"`
	}
	return path
}

// Included reports whether the user's configuration has our line.
func (c *Client) Included(userConfig string) (bool, error) {
	data, err := readConfig(userConfig)
	return c.includedIn(data), err
}

// includedIn looks for our line above the first block: inside one it would count for
// that block's hosts alone.
func (c *Client) includedIn(data []byte) bool {
	for line := range bytes.Lines(data) {
		if c.isInclude(line) {
			return true
		}
		words := strings.FieldsFunc(string(line), func(r rune) bool { return strings.ContainsRune(" \t\r\n=", r) })
		if len(words) > 0 && (strings.EqualFold(words[0], "Host") || strings.EqualFold(words[0], "Match")) {
			return false
		}
	}
	return false
}

func (c *Client) isInclude(line []byte) bool {
	return strings.TrimRight(string(line), " \t\r\n") == c.IncludeLine()
}

// Include adds our line on top of the user's configuration, before the first Host,
// since below one it would count for that host alone. A missing file is made with mode
// 0600. Every other byte stays, and so does the file's mode; a second call changes
// nothing. A file that is no regular file of this user is refused; a link to one, as
// people have who keep their settings in a repository, is followed.
func (c *Client) Include(userConfig string) error {
	if err := c.canInclude(); err != nil {
		return err
	}
	return c.edit(userConfig, func(data []byte) []byte {
		if c.includedIn(data) {
			return data
		}
		return append([]byte(c.IncludeLine()+"\n"), data...)
	})
}

// canInclude refuses a path that Include would take for a pattern.
func (c *Client) canInclude() error {
	switch {
	case c.o.ConfigFile == "":
		return errors.New("changing the ssh configuration: there is no managed file")
	case strings.ContainsAny(filepath.ToSlash(c.o.ConfigFile), `*?[]{}\%`):
		return fmt.Errorf("changing the ssh configuration: ssh would read %s as a pattern", c.o.ConfigFile)
	}
	return nil
}

// Exclude takes our line away again and nothing else.
func (c *Client) Exclude(userConfig string) error {
	return c.edit(userConfig, func(data []byte) []byte {
		kept := make([]byte, 0, len(data))
		for line := range bytes.Lines(data) {
			if !c.isInclude(line) {
				kept = append(kept, line...)
			}
		}
		return kept
	})
}

// edit replaces the user's configuration by what change makes of it.
func (c *Client) edit(userConfig string, change func([]byte) []byte) error {
	c.files.Lock()
	defer c.files.Unlock()
	path, mode, err := resolve(userConfig)
	if err != nil {
		return err
	}
	data, err := readConfig(path)
	if err != nil {
		return err
	}
	changed := change(data)
	if bytes.Equal(changed, data) {
		return nil
	}
	return replaceFile(path, changed, mode)
}

func readConfig(path string) ([]byte, error) {
	real, _, err := resolve(path)
	if err != nil {
		return nil, err
	}
	data, err := readRegular(real, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the ssh configuration: %w", err)
	}
	return data, nil
}

// resolve follows links to the file that is meant and tells its mode. Only a regular
// file of this user, in a folder that nobody else may write to, is changed.
func resolve(path string) (string, fs.FileMode, error) {
	if !filepath.IsAbs(path) {
		return "", 0, errors.New("reading the ssh configuration: its path is not absolute; is HOME set?")
	}
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(path); err == nil {
			return "", 0, fmt.Errorf("reading the ssh configuration: %s is a link that leads nowhere", path)
		}
		return path, 0o600, nil
	}
	if err != nil {
		return "", 0, fmt.Errorf("reading the ssh configuration: %w", err)
	}
	info, err := os.Lstat(real)
	if err != nil {
		return "", 0, fmt.Errorf("reading the ssh configuration: %w", err)
	}
	dir, err := os.Stat(filepath.Dir(real))
	if err != nil {
		return "", 0, fmt.Errorf("reading the ssh configuration: %w", err)
	}
	switch {
	case !info.Mode().IsRegular(), !ownedByUs(info):
		return "", 0, fmt.Errorf("reading the ssh configuration: %s is not a regular file of this user", real)
	case modesCount && dir.Mode().Perm()&0o022 != 0:
		return "", 0, fmt.Errorf("reading the ssh configuration: others may write to the folder of %s: close it to them with chmod go-w", real)
	}
	return real, info.Mode().Perm(), nil
}
