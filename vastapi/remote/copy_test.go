package remote_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi/remote"
)

const rsyncSays = "rsync  version 3.2.7  protocol version 31\n"

// copies prepares a home in whose instance is what probe says, with an rsync here.
func copies(t *testing.T, probe string, change ...func(*remote.Options)) *home {
	t.Helper()
	h := newHome(t, change...)
	h.recorder.On("--version", remote.Reply{Out: rsyncSays})
	h.recorder.On("command -v rsync", remote.Reply{Out: "Welcome to vast.ai\n" + probe})
	return h
}

var bothPrograms = remote.CopyOptions{Rsync: "/usr/bin/rsync", SCP: "/usr/bin/scp"}

func with(o remote.CopyOptions, change func(*remote.CopyOptions)) remote.CopyOptions {
	change(&o)
	return o
}

func TestTheArgumentsOfCopies(t *testing.T) {
	t.Parallel()
	v6 := remote.Endpoint{Way: remote.Direct, Host: "2001:db8::7", Port: 22}
	var s sheet
	s.t = t
	for _, q := range []struct {
		name  string
		e     remote.Endpoint
		job   remote.CopyJob
		rsync bool
	}{
		{"rsync up", direct, remote.CopyJob{Up: true, Local: "/data/my set", Remote: "/workspace/in"}, true},
		{"rsync down through the proxy", proxy, remote.CopyJob{Local: "/data", Remote: "~/out"}, true},
		{"rsync up to an odd folder", v6, remote.CopyJob{Up: true, Local: "/-x", Remote: "-rf $(x)/it's [a]*"}, true},
		{"scp up", direct, remote.CopyJob{Up: true, Local: "/data/my set", Remote: "/workspace/in"}, false},
		{"scp down of an odd name", v6, remote.CopyJob{Local: "/data", Remote: "-rf $(x)/it's [a]*"}, false},
		{"scp because of a name that rsync reads in two ways", direct, remote.CopyJob{Local: "/data", Remote: `/a/b\c*`}, true},
	} {
		probe := "time-1700000000\n"
		if q.rsync {
			probe += "has-rsync\n"
		}
		h := copies(t, probe)
		here := filepath.Join(h.dir, q.job.Local)
		if err := os.MkdirAll(here, 0o700); err != nil {
			t.Fatal(err)
		}
		q.job.Instance, q.job.Local = 42, here
		if _, err := h.Copy(t.Context(), q.e, q.job, bothPrograms); err != nil {
			t.Fatalf("%s: %v", q.name, err)
		}
		calls := h.recorder.Calls()
		last := calls[len(calls)-1]
		for i, a := range last.Args {
			last.Args[i] = strings.ReplaceAll(a, h.dir, "/home/u")
		}
		for i, pair := range last.Env {
			last.Env[i] = strings.ReplaceAll(pair, h.dir, "/home/u")
		}
		s.add(q.name, last, nil)
	}
	golden(t, "copy.golden", s.String())
}

func TestACopyWithoutRsyncAtBothEndsIsMadeWithSCP(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]struct {
		version remote.Reply
		probe   string
		want    string
	}{
		"both":      {remote.Reply{Out: rsyncSays}, "time-1\nhas-rsync\n", remote.ToolRsync},
		"not there": {remote.Reply{Out: rsyncSays}, "time-1\n", remote.ToolSCP},
		"not here":  {remote.Reply{Fail: errors.New("no such program")}, "time-1\nhas-rsync\n", remote.ToolSCP},
		"macOS":     {remote.Reply{Out: "openrsync: protocol version 29\nrsync version 2.6.9 compatible\n"}, "time-1\nhas-rsync\n", remote.ToolSCP},
		"3.2.4, to which the other end can send what it likes": {remote.Reply{Out: "rsync  version 3.2.4  protocol version 31\n"}, "time-1\nhas-rsync\n", remote.ToolSCP},
		"3.2.5":           {remote.Reply{Out: "rsync  version 3.2.5  protocol version 31\n"}, "time-1\nhas-rsync\n", remote.ToolRsync},
		"old":             {remote.Reply{Out: "rsync  version 3.0.9  protocol version 30\n"}, "time-1\nhas-rsync\n", remote.ToolSCP},
		"a word in MOTD":  {remote.Reply{Out: rsyncSays}, "this machine has-rsync installed\ntime-1\n", remote.ToolSCP},
		"a distant major": {remote.Reply{Out: "rsync version v4.0.0\n"}, "has-rsync\n", remote.ToolRsync},
	} {
		h := copies(t, q.probe)
		h.recorder.On("--version", q.version)
		p, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, bothPrograms)
		if err != nil || p.Tool != q.want {
			t.Errorf("%s: %+v, %v, want %s", name, p, err, q.want)
		}
	}
	h := copies(t, "time-1\n")
	_, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, with(bothPrograms, func(o *remote.CopyOptions) { o.Tool = remote.ToolRsync }))
	if f := remote.FailureOf(err); f == nil || !strings.Contains(f.Next, "scp") {
		t.Errorf("rsync and no other: %v", err)
	}
}

func TestTheProgressOfACopyIsToldWhileItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := copies(t, "time-1\nhas-rsync\n")
		h.recorder.On("--info=progress2", remote.Reply{Wait: 3 * time.Second, Out: ">y\n\r    400  40%  1.00kB/s    0:00:00 (xfr#1, to-chk=0/2)\n"})
		var told []remote.CopyProgress
		p, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, with(bothPrograms, func(o *remote.CopyOptions) {
			o.Total = remote.Amount{Bytes: 1000, Files: 2}
			o.Progress = func(p remote.CopyProgress) { told = append(told, p) }
		}))
		if err != nil || p.Done != 400 || p.Total != 1000 || p.Files != 1 || p.Left != 0 || p.Current != "" {
			t.Errorf("%+v, %v", p, err)
		}
		if len(told) < 6 || told[len(told)-1] != p || told[0].Done != 0 {
			t.Errorf("told %+v", told)
		}
	})
}

func TestATotalThatWasOnlyPartlyCountedIsNone(t *testing.T) {
	t.Parallel()
	h := copies(t, "time-1\nhas-rsync\n")
	p, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, with(bothPrograms, func(o *remote.CopyOptions) {
		o.Total = remote.Amount{Bytes: 1000, Files: 2, Partly: true}
	}))
	if err != nil || p.Total != 0 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestACancelledCopySaysHowThingsLie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for tool, words := range map[string]string{remote.ToolRsync: ".vastdeck-partial", remote.ToolSCP: "not whole"} {
			h := copies(t, "time-1\nhas-rsync\n")
			h.recorder.On("-rltp", remote.Reply{Hang: true}).On("-s -r -q", remote.Reply{Hang: true})
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			_, err := h.Copy(ctx, direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, with(bothPrograms, func(o *remote.CopyOptions) { o.Tool = tool }))
			cancel()
			var stopped *remote.Stopped
			if !errors.As(err, &stopped) || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %v", tool, err)
			}
		}
	})
}

func TestWhyACopyFailedIsSaidInWords(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]struct {
		reply remote.Reply
		want  string
	}{
		"disk":       {remote.Reply{Code: 11, Err: "rsync: [receiver] write failed on \"/x\": No space left on device (28)\n"}, "The disk is full."},
		"rights":     {remote.Reply{Code: 23, Err: "rsync: [sender] send_files failed to open \"/x\": Permission denied (13)\n"}, "A file may not be read or written."},
		"connection": {remote.Reply{Code: 12, Err: "client_loop: send disconnect: Broken pipe\nrsync: connection unexpectedly closed\n"}, "The connection broke."},
		"key":        {remote.Reply{Code: 255, Err: "root@h: Permission denied (publickey).\n"}, "It takes none of the keys"},
		"other":      {remote.Reply{Code: 14, Err: "rsync error: \x1b[2J\n"}, "rsync ended with 14."},
	} {
		h := copies(t, "time-1\nhas-rsync\n")
		h.recorder.On("-rltp", q.reply)
		_, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, bothPrograms)
		f := remote.FailureOf(err)
		if f == nil || !strings.Contains(f.Error(), q.want) || strings.Contains(f.Detail, "\x1b") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestACopyThatBreaksSaysWhetherAFileIsLeftInPart(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]struct {
		tool  string
		reply remote.Reply
		want  string
		not   string
	}{
		"rsync":          {remote.ToolRsync, remote.Reply{Code: 14, Err: "rsync error\n"}, "goes on from there", "not whole"},
		"scp":            {remote.ToolSCP, remote.Reply{Code: 1, Err: "scp: Connection closed\n"}, "is not whole. The same copy, started again, begins anew.", "goes on"},
		"scp, lost":      {remote.ToolSCP, remote.Reply{Code: 255, Err: "client_loop: send disconnect: Broken pipe\n"}, "is not whole. The same copy, started again, begins anew.", "goes on"},
		"scp, not begun": {remote.ToolSCP, remote.Reply{Code: 255, Err: "root@h: Permission denied (publickey).\n"}, "none of the keys", "not whole"},
	} {
		h := copies(t, "time-1\nhas-rsync\n")
		h.recorder.On("-rltp", q.reply).On("-s -r -q", q.reply)
		_, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, with(bothPrograms, func(o *remote.CopyOptions) { o.Tool = q.tool }))
		if f := remote.FailureOf(err); f == nil || !strings.Contains(f.Error(), q.want) || strings.Contains(f.Error(), q.not) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsToBeCopiedIsCountedBefore(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	root := filepath.Join(h.dir, "set")
	if err := os.MkdirAll(filepath.Join(root, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]int{"a": 10, "sub/b": 200, "sub/c": 0} {
		if err := os.WriteFile(filepath.Join(root, name), make([]byte, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := filepath.Join(h.dir, "elsewhere")
	must(t, os.WriteFile(elsewhere, make([]byte, 1000), 0o600))
	for name, to := range map[string]string{"link": elsewhere, "up": "../elsewhere", "back": "sub/../../set/a", "in": "sub/b", "gone": "/no/such", "dir": "/tmp", "none": "nothing"} {
		must(t, os.Symlink(to, filepath.Join(root, name)))
	}
	up := remote.CopyJob{Instance: 42, Up: true, Local: root, Remote: "in"}
	if got, err := h.Size(t.Context(), direct, up); err != nil || got != (remote.Amount{Bytes: 2220, Files: 6, Outside: 3, OutsideName: "back", LeftOut: 2, LeftName: "dir"}) {
		t.Errorf("%+v, %v", got, err)
	} else if want := "3 links lead out of the folder (such as back): the files they lead to are copied in their place. " +
		"2 links to folders elsewhere or to nothing are left out, such as dir."; got.Links() != want {
		t.Errorf("it says %q", got.Links())
	}
	if n := len(h.recorder.Calls()); n != 0 {
		t.Errorf("%d processes were started to count files of this machine", n)
	}
	for said, want := range map[string]remote.Amount{
		"hello\n123456789012 42\n": {Bytes: 123456789012, Files: 42}, "5 200000\n": {Bytes: 5, Files: 200000, Partly: true},
	} {
		h := newHome(t)
		h.recorder.On("find", remote.Reply{Out: said})
		if got, err := h.Size(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/out"}); err != nil || got != want {
			t.Errorf("%q: %+v, %v", said, got, err)
		}
	}
	for _, said := range []string{"", "x y\n", "-1 2\n", "99999999999999999999 1\n", "1 2 3\n"} {
		h := newHome(t)
		h.recorder.On("find", remote.Reply{Out: said})
		if got, err := h.Size(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/out"}); err == nil {
			t.Errorf("%q was read as %+v", said, got)
		}
	}
}

func TestWhereACopyLands(t *testing.T) {
	t.Parallel()
	for _, q := range []struct {
		job  remote.CopyJob
		want string
	}{
		{remote.CopyJob{Up: true, Local: "/a/b/", Remote: "~/in/"}, "in/b"}, {remote.CopyJob{Up: true, Local: "/a/-b", Remote: "~"}, "-b"},
		{remote.CopyJob{Local: "/here", Remote: "/x/y//"}, "/here/y"}, {remote.CopyJob{Local: "here", Remote: "~/z"}, "here/z"},
	} {
		if got := filepath.ToSlash(q.job.Lands()); got != q.want {
			t.Errorf("%+v lands at %q, want %q", q.job, got, q.want)
		}
	}
}

func TestAnOlderRsyncIsGoodEnoughToSend(t *testing.T) {
	t.Parallel()
	h := copies(t, "time-1\nhas-rsync\n")
	h.recorder.On("--version", remote.Reply{Out: "rsync  version 3.1.3  protocol version 31\n"})
	p, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Up: true, Local: h.dir, Remote: "/x"}, bothPrograms)
	if err != nil || p.Tool != remote.ToolRsync {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestACopyThatLeavesLinksOutIsNoPlainSuccess(t *testing.T) {
	t.Parallel()
	h := copies(t, "time-1\nhas-rsync\nis-folder\n")
	h.recorder.On("-type l", remote.Reply{Out: "Welcome\nlink\t100\tmodel\nlink\t-\tdata [x]\nlink\t-\tgone\x1b\n"})
	p, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, bothPrograms)
	f := remote.FailureOf(err)
	if f == nil || !strings.Contains(f.Sentence, "All else is copied. 2 links") || !strings.Contains(f.Sentence, "data [x]") || strings.Contains(f.Error(), "\x1b") {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(p.Note, "(model)") {
		t.Errorf("the note is %q", p.Note)
	}
	lines := h.recorder.Lines()
	last := lines[len(lines)-1]
	if !strings.Contains(last, " --copy-unsafe-links ") || !strings.Contains(last, " --safe-links ") || !strings.Contains(last, ` --exclude=/data \[x\] `) ||
		!strings.HasSuffix(last, ":/x/y/ "+h.dir+"/y/") {
		t.Errorf("asked %q", last)
	}
	many := strings.Repeat("link\t-\tx\n", 501)
	h.recorder.On("-type l", remote.Reply{Out: many})
	if _, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, bothPrograms); err == nil || !strings.Contains(err.Error(), "More than 500 links") {
		t.Errorf("too many: %v", err)
	}
}

func TestAFolderThatIsALinkHereIsNotWrittenThrough(t *testing.T) {
	t.Parallel()
	h := copies(t, "time-1\nhas-rsync\nis-folder\n")
	must(t, os.Symlink("/tmp", filepath.Join(h.dir, "y")))
	_, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, bothPrograms)
	if err == nil || !strings.Contains(err.Error(), "is a link") || h.count("-rltp") != 0 {
		t.Errorf("got %v", err)
	}
}

func TestALinkThatLeadsNowhereIsNamedInTheFailure(t *testing.T) {
	t.Parallel()
	for tool, said := range map[string]string{
		remote.ToolSCP: "scp: download remote \"/x/y/gone\": No such file or directory\n", remote.ToolRsync: "symlink has no referent: \"/x/y/gone\"\nrsync error: some files (code 23)\n",
	} {
		h := copies(t, "time-1\nhas-rsync\n")
		h.recorder.On("-rltp", remote.Reply{Code: 23, Err: said}).On("-s -r -q", remote.Reply{Code: 1, Err: said})
		_, err := h.Copy(t.Context(), direct, remote.CopyJob{Instance: 42, Local: h.dir, Remote: "/x/y"}, with(bothPrograms, func(o *remote.CopyOptions) { o.Tool = tool }))
		if err == nil || !strings.Contains(err.Error(), "/x/y/gone: ") || !strings.Contains(err.Error(), "leads nowhere") {
			t.Errorf("%s: %v", tool, err)
		}
	}
}
