package remote

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"vastdeck/vastapi"
)

// socketEnd is how the names of control sockets end, placeEnd how those of the files do
// in which the endpoint of a connection is noted.
const (
	socketEnd = ".sock"
	placeEnd  = ".to"
)

// RuntimeDir is the folder for control sockets: below XDG_RUNTIME_DIR, else one of this
// user's own below the temporary folder.
func RuntimeDir(getenv func(string) string) string {
	if dir := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "vastdeck")
	}
	return filepath.Join(os.TempDir(), "vastdeck-"+strconv.Itoa(os.Getuid()))
}

// socket is the control socket of an instance. Its name is made from the scope and the
// id, not by ssh from host, port and user (%C): both ways to an instance then share one
// connection, a connection outlives a change of the port, and after a restart of the
// program it is known whose connection a socket is. Two accounts or API hosts with equal
// ids differ in the scope.
func (c *Client) socket(id vastapi.InstanceID) string {
	return filepath.Join(c.o.Dir, c.scope+"-"+id.String()+socketEnd)
}

func (c *Client) place(id vastapi.InstanceID) string {
	return strings.TrimSuffix(c.socket(id), socketEnd) + placeEnd
}

// socketOf reads the name of a control socket of this scope.
func (c *Client) socketOf(name string) (vastapi.InstanceID, bool) {
	rest, ours := strings.CutPrefix(name, c.scope+"-")
	digits, whole := strings.CutSuffix(rest, socketEnd)
	n, err := strconv.ParseInt(digits, 10, 64)
	ok := ours && whole && err == nil && n > 0 && strconv.FormatInt(n, 10) == digits
	return vastapi.InstanceID(n), ok
}

// Prepare makes what ssh needs and does not make itself, or makes otherwise: without
// the folder of the host keys it would pin none, their file it would open to others,
// and without the folder of the control sockets it would refuse to work. Choose, Open
// and Shell call it.
func (c *Client) Prepare() error {
	if err := c.prepareKnown(); err != nil {
		return fmt.Errorf("making the file of host keys: %w", err)
	}
	return c.prepareDir()
}

func (c *Client) prepareKnown() error {
	if err := os.MkdirAll(filepath.Dir(c.o.KnownHosts), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(c.o.KnownHosts, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// prepareDir makes the folder of control sockets. Whoever can write there can be spoken
// to in place of ssh, so a folder that others may enter, or that is a link, is refused.
func (c *Client) prepareDir() error {
	err := os.MkdirAll(filepath.Dir(c.o.Dir), 0o700)
	if err == nil {
		err = os.Mkdir(c.o.Dir, 0o700)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making the folder of control sockets: %w", err)
	}
	info, err := c.ownDir()
	if err != nil {
		return err
	}
	if info.Mode().Perm() != 0o700 && modesCount {
		if err := os.Chmod(c.o.Dir, 0o700); err != nil {
			return fmt.Errorf("closing the folder of control sockets to others: %w", err)
		}
	}
	return nil
}

// ownDir makes sure that the folder of control sockets is one of this user.
func (c *Client) ownDir() (fs.FileInfo, error) {
	info, err := os.Lstat(c.o.Dir)
	if err != nil {
		return nil, fmt.Errorf("looking at the folder of control sockets: %w", err)
	}
	if !info.IsDir() || !ownedByUs(info) {
		return nil, fmt.Errorf("looking at the folder of control sockets: %s is not a folder of this user", c.o.Dir)
	}
	return info, nil
}

// found is a control socket that lies in the folder; nobody may listen at it any more.
type found struct {
	id    vastapi.InstanceID
	since time.Time
}

func (c *Client) sockets() ([]found, error) {
	_, err := c.ownDir()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(c.o.Dir)
	if err != nil {
		return nil, fmt.Errorf("listing connections: %w", err)
	}
	var all []found
	for _, e := range entries {
		id, ok := c.socketOf(e.Name())
		info, err := e.Info()
		if !ok || err != nil || info.IsDir() || info.Mode()&fs.ModeSymlink != 0 {
			continue
		}
		all = append(all, found{id: id, since: info.ModTime()})
	}
	return all, nil
}

// forget removes the socket of a connection that is not up any more. Only names of this
// scope are ever removed.
func (c *Client) forget(id vastapi.InstanceID) {
	_ = os.Remove(c.socket(id))
	_ = os.Remove(c.place(id))
}

// heldWord ends the note of a connection that stays until it is closed.
const heldWord = " held"

// note writes down by which endpoint the shared connection of an instance goes and
// whether it stays until it is closed, for Sessions to tell, even after a restart of the
// program.
func (c *Client) note(id vastapi.InstanceID, e Endpoint, held bool) error {
	line := fmt.Sprintf("%s %s %d", e.Way, e.Host, e.Port)
	if held {
		line += heldWord
	}
	return replaceFile(c.place(id), []byte(line+"\n"), 0o600)
}

// noted is the endpoint that was written down, the zero Endpoint when none was, and
// whether the connection stays until it is closed.
func (c *Client) noted(id vastapi.InstanceID) (e Endpoint, held bool) {
	data, err := readSmall(c.place(id))
	var way, host string
	var port int
	if n, _ := fmt.Sscanf(string(data), "%s %s %d", &way, &host, &port); err != nil || n != 3 {
		return Endpoint{}, false
	}
	w := Direct
	if way == Proxy.String() {
		w = Proxy
	}
	return checked(w, host, port, c.o.AllowHosts), strings.HasSuffix(strings.TrimRight(string(data), "\n"), heldWord)
}
