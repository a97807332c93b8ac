package remote

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// endHung ends the process of a shared connection that gives no answer any more, and
// reports whether it did. pid is what the connection said of itself earlier: the process
// is ended only while its own words name this very socket.
func (c *Client) endHung(ctx context.Context, id vastapi.InstanceID, pid int) bool {
	if pid <= 1 || pid == os.Getpid() || !strings.Contains(c.commandLines(ctx)[pid], c.socket(id)) {
		return false
	}
	if !endProcess(pid) {
		return false
	}
	c.forgetDead(ctx, id)
	return true
}

// endStrays ends connections of an instance that were made to be shared but are not. keep
// is the process of the one that is; when it is not known, nothing is ended.
func (c *Client) endStrays(ctx context.Context, id vastapi.InstanceID, keep int) {
	if keep <= 1 {
		return
	}
	for pid, line := range c.commandLines(ctx) {
		if pid > 1 && pid != keep && strings.Contains(line, " -M -N -f ") && strings.Contains(line, "ControlPath="+confPath(c.socket(id))+" ") {
			endProcess(pid)
		}
	}
}

// commandLines are the processes of this machine with their arguments, joined by blanks.
// Nothing that is not told is an error: nothing is ended then.
func (c *Client) commandLines(ctx context.Context) map[int]string {
	all := map[int]string{}
	if runtime.GOOS == "linux" {
		files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, file := range files {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if line, err := os.ReadFile(file); err == nil {
				all[pid] = string(bytes.ReplaceAll(line, []byte{0}, []byte{' '}))
			}
		}
		return all
	}
	var said strings.Builder
	_, _ = c.o.Runner.Run(ctx, Command{Path: "ps", Args: []string{"-A", "-ww", "-o", "pid=", "-o", "args="}, Env: c.environ(false)}, Streams{Out: &said})
	for line := range strings.Lines(said.String()) {
		number, args, _ := strings.Cut(strings.TrimSpace(line), " ")
		if pid, err := strconv.Atoi(number); err == nil {
			all[pid] = strings.TrimSpace(args) + " "
		}
	}
	return all
}
