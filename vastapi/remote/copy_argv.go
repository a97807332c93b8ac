package remote

import (
	"context"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// partialFolder is where rsync keeps a file that it did not finish, beside where the file
// would have been: nothing half done ever lies under its own name.
const partialFolder = ".vastdeck-partial"

// rsyncGrace is how long rsync may take to put an unfinished file there when it is ended.
const rsyncGrace = 3 * time.Second

// rsyncVersion is how rsync says what it is. macOS has another program of that name,
// which says "openrsync" first and does not know the options that are needed.
var rsyncVersion = regexp.MustCompile(`^rsync\s+version\s+v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?`)

// goodRsync reports whether the rsync of this machine can tell how far it is (3.1, 2013)
// and, for copies to this machine, whether it refuses files that it has not asked for
// (3.2.5, 2022): with an older one the other end writes what it likes (CVE-2022-29154).
func (c *Client) goodRsync(ctx context.Context, program string, up bool) bool {
	r, err := c.Output(ctx, Command{Path: program, Args: []string{"--version"}, Env: c.environ(false)}, lookLimit)
	found := rsyncVersion.FindStringSubmatch(r.Out)
	if err != nil || r.Code != 0 || found == nil {
		return false
	}
	var is [3]int
	for i := range is {
		is[i], _ = strconv.Atoi(found[i+1])
	}
	needed := [3]int{3, 2, 5}
	if up {
		needed = [3]int{3, 1, 0}
	}
	return slices.Compare(is[:], needed[:]) >= 0
}

// rsyncCommand copies with rsync. The paths go through rsync's own protocol (-s), so no
// shell reads them. The whole list of files is made first (--no-inc-recursive): the part
// that is done is then one of the whole, and a hostile other end cannot add to it later.
// A folder is named with a slash behind it at both ends, so that rsync takes the folder
// itself for the limit beyond which links lead out, not the one that it lies in.
func (c *Client) rsyncCommand(program string, e Endpoint, j CopyJob, link, dir bool, links outward) (Command, error) {
	to, err := c.Destination(e, true)
	if err != nil {
		return Command{}, err
	}
	// rsync puts the user before the two dashes that end ssh's options, if it is told one.
	user, host, _ := strings.Cut(to, "@")
	shell := append([]string{c.o.SSH, "-a", "-x", "-k", "-T", "-o", "BatchMode=yes"}, c.Options(j.Instance, Use)...)
	shell = append(shell, "-o", "User="+user, "-p", strconv.Itoa(e.Port), "--")
	args := []string{
		"-rltp", "-s", "-8", "--no-inc-recursive", "--no-h", "--outbuf=N", "--partial-dir=" + partialFolder,
		"--info=progress2", "--out-format=" + nameMark + "%n", "-e", rsyncShell(shell),
	}
	if link && !dir {
		args = append(args, "-L")
	}
	if dir {
		args = append(args, "--copy-unsafe-links")
		args = append(args, links.excludes()...)
	}
	here, far := filepath.Clean(j.Local), host+":"+literal(j.Remote, false)
	switch {
	case j.Up && dir:
		args = append(args, "--", inFolder(here), inFolder(host+":"+literal(inFolder(j.Remote)+filepath.Base(here), false)))
	case j.Up:
		args = append(args, "--", here, inFolder(far))
	default:
		// Whatever the other end sends: a link that leads out of what is copied is never
		// made here, and no file gets the right to run as its owner.
		args = append(args, "--safe-links", "--chmod=u-s,g-s", "--")
		if dir {
			args = append(args, inFolder(far), inFolder(j.Lands()))
		} else {
			args = append(args, far, inFolder(j.Local))
		}
	}
	return Command{Path: program, Args: args, Env: c.environ(false), Grace: rsyncGrace}, nil
}

// scpCommand copies with scp over sftp (-s), whose paths no shell reads either.
func (c *Client) scpCommand(program string, e Endpoint, j CopyJob) (Command, error) {
	to, err := c.Destination(e, true)
	if err != nil {
		return Command{}, err
	}
	args := append([]string{"-s", "-r", "-q", "-B", "-S", c.o.SSH}, c.Options(j.Instance, Use)...)
	args = append(args, "-P", strconv.Itoa(e.Port), "--")
	if j.Up {
		args = append(args, filepath.Clean(j.Local), inFolder(to+":"+j.Remote))
	} else {
		args = append(args, to+":"+literal(j.Remote, true), inFolder(j.Local))
	}
	return Command{Path: program, Args: args, Env: c.environ(false)}, nil
}

// inFolder ends a path with a slash: what is copied lands in the folder, not in its place.
func inFolder(p string) string { return strings.TrimRight(p, "/") + "/" }

// twoMeanings reports whether a part of a path has both a pattern and a backslash in it,
// which the two ends of rsync read differently.
func twoMeanings(p string) bool {
	for ; p != "" && p != "/" && p != "."; p = path.Dir(p) {
		if base := path.Base(p); strings.ContainsAny(base, globLetters) && strings.Contains(base, `\`) {
			return true
		}
	}
	return false
}
