//go:build system && unix

package remote_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/remote"
)

// odd are names that shells, option parsers and pattern matchers read otherwise.
var odd = []string{
	"plain.txt", "with space", "it's", `"double"`, "$(touch pwned)", "`id`", "a;b&c", "-rf", "--delete", "*", "we?ird[x]",
	"ünï 文", "new\nline", `back\slash`, "~", "~root", "a:b", "#x", "!!", "{a,b}", "trail ", ">mark",
}

// tree makes files with odd names and returns the sum of each.
func tree(t *testing.T, root string) map[string]string {
	t.Helper()
	seed := rand.NewChaCha8([32]byte{1})
	for i, name := range odd {
		for _, p := range []string{filepath.Join(root, name), filepath.Join(root, "sub "+name, name)} {
			if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
				t.Fatal(err)
			}
			content := make([]byte, 1000*i)
			_, _ = seed.Read(content)
			if err := os.WriteFile(p, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return sums(t, root)
}

// sums are the checksums of the regular files below a folder, by path.
func sums(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(p)
		below, _ := filepath.Rel(root, p)
		all[below] = fmt.Sprintf("%x", sha256.Sum256(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sameSums(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for name, sum := range want {
		if got[name] != sum {
			t.Errorf("%s: %q is another one or missing", what, name)
		}
	}
	for name := range got {
		if want[name] == "" {
			t.Errorf("%s: %q should not be there", what, name)
		}
	}
}

var tools = []string{remote.ToolRsync, remote.ToolSCP}

func TestFilesAreCopiedBothWaysWhateverTheyAreCalled(t *testing.T) {
	t.Parallel()
	needTool(t, "rsync", "rsync")
	r := newRig(t)
	ctx := within(t)
	for _, tool := range tools {
		for _, name := range []string{"plain", "it's -odd $(x) [y]* ünï", "-rf"} {
			here, there, back := filepath.Join(r.home, tool, "here "+name), filepath.Join(r.home, tool, "there "+name, "in"), filepath.Join(r.home, tool, "back "+name)
			want := tree(t, filepath.Join(here, name))
			up := remote.CopyJob{Instance: instance, Up: true, Local: filepath.Join(here, name), Remote: there}
			total, err := r.c.Size(ctx, r.endpoint(), up)
			if err != nil || total.Files != len(want) || total.Bytes != 2*1000*231 || total.Partly {
				t.Fatalf("%s up: size %+v, %v, want %d files", tool, total, err, len(want))
			}
			p, err := r.c.Copy(ctx, r.endpoint(), up, remote.CopyOptions{Tool: tool, Total: total})
			if err != nil || p.Tool != tool || p.Done != total.Bytes {
				t.Fatalf("%s up: %+v, %v", tool, p, err)
			}
			sameSums(t, tool+" up "+name, sums(t, up.Lands()), want)

			down := remote.CopyJob{Instance: instance, Local: back, Remote: up.Lands()}
			total, err = r.c.Size(ctx, r.endpoint(), down)
			if err != nil || total.Files != len(want) || total.Bytes != 2*1000*231 {
				t.Fatalf("%s down: size %+v, %v", tool, total, err)
			}
			if p, err = r.c.Copy(ctx, r.endpoint(), down, remote.CopyOptions{Tool: tool, Total: total}); err != nil || p.Done != total.Bytes {
				t.Fatalf("%s down: %+v, %v", tool, p, err)
			}
			sameSums(t, tool+" down "+name, sums(t, down.Lands()), want)
		}
	}
	if _, err := os.Stat("pwned"); err == nil {
		t.Error("a name was run as a command")
	}
}

func TestSingleFilesAreCopiedByTheirVeryNames(t *testing.T) {
	t.Parallel()
	needTool(t, "rsync", "rsync")
	r := newRig(t)
	ctx := within(t)
	from := filepath.Join(r.home, "from")
	want := tree(t, from)
	patterns := []string{"-rf", "*", "we?ird[x]", `back\slash`, "~", "a:b", "new\nline"}
	for tool, names := range map[string][]string{"": append(slices.Clone(odd), `pa*tt\ern`), remote.ToolSCP: patterns} {
		for _, name := range names {
			if want[name] == "" {
				if err := os.WriteFile(filepath.Join(from, name), []byte("x"), 0o644); err != nil {
					t.Fatal(err)
				}
				want[name] = fmt.Sprintf("%x", sha256.Sum256([]byte("x")))
			}
			to, back := filepath.Join(r.home, "to", tool), filepath.Join(r.home, "back", tool)
			up := remote.CopyJob{Instance: instance, Up: true, Local: filepath.Join(from, name), Remote: to}
			if _, err := r.c.Copy(ctx, r.endpoint(), up, remote.CopyOptions{Tool: tool}); err != nil {
				t.Errorf("%s up %q: %v", tool, name, err)
				continue
			}
			down := remote.CopyJob{Instance: instance, Local: back, Remote: up.Lands()}
			if _, err := r.c.Copy(ctx, r.endpoint(), down, remote.CopyOptions{Tool: tool}); err != nil {
				t.Errorf("%s down %q: %v", tool, name, err)
				continue
			}
			if got := sums(t, back); got[name] != want[name] || len(got) != 1 {
				t.Errorf("%s: %q came back as %v", tool, name, got)
			}
			if err := os.RemoveAll(back); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestProgressIsToldAndACancelledCopyGoesOn(t *testing.T) {
	t.Parallel()
	needTool(t, "rsync", "rsync")
	const size = 60 << 20
	r := newRig(t)
	ctx := within(t)
	slow := r.endpoint()
	slow.Port = throttled(t, r.endpoint().Address(), 15<<20)
	if _, err := r.c.Open(ctx, instance, slow, false); err != nil {
		t.Fatal(err)
	}
	big := filepath.Join(r.home, "big.bin")
	random(t, big, size)
	for _, tool := range tools {
		for _, up := range []bool{true, false} {
			what := fmt.Sprintf("%s up=%v", tool, up)
			to := filepath.Join(r.home, "to-"+tool)
			job := remote.CopyJob{Instance: instance, Up: up, Local: big, Remote: to}
			if !up {
				to += "-back"
				job.Local, job.Remote = to, big
			}
			cancelled, cancel := context.WithCancel(ctx)
			var last remote.CopyProgress
			var told int
			seen := tool == remote.ToolSCP // its other end is a part of sshd
			start := time.Now()
			_, err := r.c.Copy(cancelled, slow, job, remote.CopyOptions{Tool: tool, Total: remote.Amount{Bytes: size, Files: 1}, Progress: func(p remote.CopyProgress) {
				last = p
				told++
				seen = seen || len(below(t, r.sshd.cmd.Process.Pid, "rsync\x00--server")) > 0
				if p.Done > 0 && p.Rate > 0 && p.Left > 0 {
					cancel()
				}
			}})
			cancel()
			var stopped *remote.Stopped
			if !errors.As(err, &stopped) || !errors.Is(err, context.Canceled) || stopped.State == "" {
				t.Fatalf("%s: not stopped after %v: %v, last %+v", what, time.Since(start), err, last)
			}
			if last.Total != size || last.Done <= 0 || last.Done >= size {
				t.Errorf("%s: told %d times, last %+v", what, told, last)
			}
			whole := filepath.Join(to, "big.bin")
			if _, err := os.Stat(whole); tool == remote.ToolRsync && err == nil {
				t.Errorf("%s: a file that is not whole lies under its own name", what)
			}
			if left, _ := filepath.Glob(filepath.Join(to, ".big.bin.*")); len(left) != 0 {
				t.Errorf("%s: left %q", what, left)
			}
			t.Logf("%s: stopped after %v with %d bytes at %.0f MB/s; %s", what, time.Since(start).Round(time.Millisecond), last.Done, last.Rate/1e6, err)
			eventually(t, what+": the tool has ended at both ends", func() bool {
				return len(processes(t, big)) == 0 && len(processes(t, to)) == 0 && len(below(t, r.sshd.cmd.Process.Pid, "rsync\x00")) == 0
			})
			if !seen {
				t.Errorf("%s: rsync was never seen at the other end", what)
			}
			start = time.Now()
			p, err := r.c.Copy(ctx, slow, job, remote.CopyOptions{Tool: tool, Total: remote.Amount{Bytes: size, Files: 1}})
			if err != nil {
				t.Fatalf("%s: the second try: %+v, %v", what, p, err)
			}
			t.Logf("%s: the second try took %v", what, time.Since(start).Round(time.Millisecond))
			if !equalFiles(t, big, whole) {
				t.Errorf("%s: another content", what)
			}
			if _, err := os.Stat(filepath.Join(to, ".vastdeck-partial")); err == nil {
				t.Errorf("%s: the folder for what is not whole is left", what)
			}
			if err := os.RemoveAll(to); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// throttled is a port that leads to an address at so many bytes a second each way.
func throttled(t *testing.T, to string, speed int) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				_ = near.Close()
				continue
			}
			go pour(far, near, speed)
			go pour(near, far, speed)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func pour(to, from net.Conn, speed int) {
	defer func() { _, _ = to.Close(), from.Close() }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	buffer := make([]byte, speed/100)
	for {
		n, err := from.Read(buffer)
		if _, bad := to.Write(buffer[:n]); err != nil || bad != nil {
			return
		}
		if n > len(buffer)/10 {
			<-tick.C
		}
	}
}

func random(t *testing.T, file string, size int) {
	t.Helper()
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{2}).Read(content)
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func equalFiles(t *testing.T, a, b string) bool {
	t.Helper()
	first, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(first, second)
}

func TestALinkThatIsNamedIsFollowed(t *testing.T) {
	t.Parallel()
	needTool(t, "rsync", "rsync")
	r := newRig(t)
	ctx := within(t)
	real, link := filepath.Join(r.home, "real"), filepath.Join(r.home, "link")
	want := tree(t, real)
	if err := os.Symlink("real", link); err != nil {
		t.Fatal(err)
	}
	for _, tool := range tools {
		for _, up := range []bool{true, false} {
			to := filepath.Join(r.home, fmt.Sprint(tool, up))
			job := remote.CopyJob{Instance: instance, Up: up, Local: link, Remote: to}
			if !up {
				job.Local, job.Remote = to, link
			}
			if size, err := r.c.Size(ctx, r.endpoint(), job); err != nil || size.Files != len(want) {
				t.Errorf("%s up=%v: size %+v, %v", tool, up, size, err)
			}
			if _, err := r.c.Copy(ctx, r.endpoint(), job, remote.CopyOptions{Tool: tool}); err != nil {
				t.Fatalf("%s up=%v: %v", tool, up, err)
			}
			sameSums(t, fmt.Sprintf("%s up=%v", tool, up), sums(t, filepath.Join(to, "link")), want)
		}
	}
}

func TestNothingOutsideOfTheFolderIsOverwritten(t *testing.T) {
	t.Parallel()
	needTool(t, "rsync", "rsync")
	r := newRig(t)
	ctx := within(t)
	outside := filepath.Join(r.home, "outside")
	if err := os.WriteFile(outside, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	evil := filepath.Join(r.home, "evil")
	if err := os.MkdirAll(filepath.Join(evil, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(evil, "tool"), []byte("theirs"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(evil, "tool"), 0o755|fs.ModeSetuid); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"absolute": outside, "up": "../../outside", "good": "sub"} {
		if err := os.Symlink(to, filepath.Join(evil, name)); err != nil {
			t.Fatal(err)
		}
	}
	back := filepath.Join(r.home, "back")
	job := remote.CopyJob{Instance: instance, Local: back, Remote: evil}
	if _, err := r.c.Copy(ctx, r.endpoint(), job, remote.CopyOptions{Tool: remote.ToolRsync}); err == nil || !strings.Contains(err.Error(), "up") {
		t.Fatalf("a link that leads nowhere was left out without a word: %v", err)
	}
	for name, want := range map[string]string{"absolute": "mine", "up": ""} { // what is two folders up is not there
		info, err := os.Lstat(filepath.Join(back, "evil", name))
		if err == nil && !info.Mode().IsRegular() {
			t.Errorf("the link %s leads out of the folder", name)
		}
		if content, _ := os.ReadFile(filepath.Join(back, "evil", name)); string(content) != want {
			t.Errorf("%s is %q", name, content)
		}
	}
	if to, err := os.Readlink(filepath.Join(back, "evil", "good")); err != nil || to != "sub" {
		t.Errorf("a link inside is %q, %v", to, err)
	}
	if info, err := os.Stat(filepath.Join(back, "evil", "tool")); err != nil || info.Mode()&fs.ModeSetuid != 0 {
		t.Errorf("a program that runs as its owner came over: %v, %v", info, err)
	}
	// A link that lies where scp would write.
	trap := filepath.Join(r.home, "trap", "evil")
	if err := os.MkdirAll(trap, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(trap, "tool")); err != nil {
		t.Fatal(err)
	}
	for _, tool := range tools {
		job.Local = filepath.Dir(trap)
		_, err := r.c.Copy(ctx, r.endpoint(), job, remote.CopyOptions{Tool: tool})
		if tool == remote.ToolSCP && err == nil {
			_, err = os.Lstat(filepath.Join(trap, "tool"))
		}
		t.Logf("%s into a folder with a link: %v", tool, err)
		if content, _ := os.ReadFile(outside); string(content) != "mine" {
			t.Fatalf("%s: a file outside of the folder is %q now", tool, content)
		}
	}
}

func TestCopiesThatCannotBeAreExplained(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := within(t)
	file := filepath.Join(r.home, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, q := range map[string]struct {
		job  remote.CopyJob
		want string
	}{
		"nothing there":   {remote.CopyJob{Remote: "/no/such/thing", Local: r.home}, "There is no /no/such/thing in the instance."},
		"nothing here":    {remote.CopyJob{Up: true, Local: "/no/such/thing", Remote: "/tmp"}, "cannot be read on this machine"},
		"no folder there": {remote.CopyJob{Up: true, Local: file, Remote: file + "/x"}, "cannot be made in the instance"},
		"no folder here":  {remote.CopyJob{Remote: file, Local: file + "/x"}, "cannot be made on this machine"},
		"no name":         {remote.CopyJob{Remote: "~", Local: r.home}, "with its full path"},
		"the root":        {remote.CopyJob{Remote: "/", Local: r.home}, "with its full path"},
	} {
		q.job.Instance = instance
		_, err := r.c.Copy(ctx, r.endpoint(), q.job, remote.CopyOptions{})
		if f := remote.FailureOf(err); f == nil || !strings.Contains(f.Error(), q.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// cache makes a folder as caches of models have them: what is used are links to files
// that lie in another folder.
func cache(t *testing.T, root string) (snapshot string) {
	t.Helper()
	snapshot = filepath.Join(root, "snapshots", "abc")
	for _, dir := range []string{filepath.Join(root, "blobs"), filepath.Join(snapshot, "sub")} {
		must(t, os.MkdirAll(dir, 0o755))
	}
	must(t, os.WriteFile(filepath.Join(root, "blobs", "1"), []byte("weights"), 0o644))
	must(t, os.WriteFile(filepath.Join(snapshot, "README"), []byte("x"), 0o644))
	for name, to := range map[string]string{
		"model": "../../blobs/1", "sub/deep": "../../../blobs/1", "absolute": filepath.Join(root, "blobs", "1"), "inside": "README", "sub/inside": "../README",
	} {
		must(t, os.Symlink(to, filepath.Join(snapshot, name)))
	}
	return snapshot
}

func TestFilesBehindLinksArriveWithBothToolsBothWays(t *testing.T) {
	t.Parallel()
	needTool(t, "rsync", "rsync")
	r := newRig(t)
	ctx := within(t)
	root := filepath.Join(r.home, "hub")
	cache(t, root)
	for _, below := range []string{"snapshots/abc", "snapshots"} {
		for _, tool := range tools {
			for _, up := range []bool{true, false} {
				what := fmt.Sprintf("%s %s up=%v", below, tool, up)
				from, to := filepath.Join(root, below), filepath.Join(r.home, "to", below, fmt.Sprint(tool, up))
				job := remote.CopyJob{Instance: instance, Up: up, Local: from, Remote: to}
				if !up {
					job.Local, job.Remote = to, from
				}
				total, err := r.c.Size(ctx, r.endpoint(), job)
				if err != nil || total.Files != 4 || total.Bytes != 22 || total.Outside != 3 || total.LeftOut != 0 || total.OutsideName == "" {
					t.Errorf("%s: size %+v, %v", what, total, err)
				}
				p, err := r.c.Copy(ctx, r.endpoint(), job, remote.CopyOptions{Tool: tool, Total: total})
				if err != nil || !strings.Contains(p.Note, "3 links lead out") {
					t.Errorf("%s: %+v, %v", what, p, err)
				}
				at := filepath.Join(to, filepath.Base(from))
				if below == "snapshots" {
					at = filepath.Join(at, "abc")
				}
				for name, want := range map[string]string{"model": "weights", "sub/deep": "weights", "absolute": "weights", "inside": "x", "sub/inside": "x"} {
					if content, err := os.ReadFile(filepath.Join(at, name)); string(content) != want {
						t.Errorf("%s: %s is %q, %v", what, name, content, err)
					}
				}
				if info, err := os.Lstat(filepath.Join(at, "model")); err != nil || !info.Mode().IsRegular() {
					t.Errorf("%s: the model is no file of its own: %v, %v", what, info, err)
				}
			}
		}
	}
}

func TestALinkThatCannotBeFollowedIsToldAndAllElseIsCopied(t *testing.T) {
	t.Parallel()
	needTool(t, "rsync", "rsync")
	r := newRig(t)
	ctx := within(t)
	root := filepath.Join(r.home, "hub")
	snapshot := cache(t, root)
	for name, to := range map[string]string{"loop [*]": "../..", "gone": "/no/such"} {
		must(t, os.Symlink(to, filepath.Join(snapshot, name)))
	}
	for _, up := range []bool{true, false} {
		to := filepath.Join(r.home, fmt.Sprint("to", up))
		job := remote.CopyJob{Instance: instance, Up: up, Local: snapshot, Remote: to}
		if !up {
			job.Local, job.Remote = to, snapshot
		}
		if total, err := r.c.Size(ctx, r.endpoint(), job); err != nil || total.LeftOut != 2 || !strings.Contains(total.Links(), "2 links to folders elsewhere or to nothing") {
			t.Errorf("up=%v: size %+v, %v", up, total, err)
		}
		_, err := r.c.Copy(ctx, r.endpoint(), job, remote.CopyOptions{Tool: remote.ToolRsync})
		if f := remote.FailureOf(err); f == nil || !strings.Contains(f.Sentence, "All else is copied. 2 links") {
			t.Errorf("up=%v: %v", up, err)
		}
		for name, want := range map[string]string{"model": "weights", "README": "x"} {
			if content, err := os.ReadFile(filepath.Join(to, "abc", name)); string(content) != want {
				t.Errorf("up=%v: %s is %q, %v", up, name, content, err)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(to, "abc", "loop*")); len(left) != 0 {
			t.Errorf("up=%v: %q", up, left)
		}
	}
	must(t, os.Remove(filepath.Join(snapshot, "loop [*]")))
	job := remote.CopyJob{Instance: instance, Remote: snapshot, Local: filepath.Join(r.home, "scp")}
	if _, err := r.c.Copy(ctx, r.endpoint(), job, remote.CopyOptions{Tool: remote.ToolSCP}); err == nil || !strings.Contains(err.Error(), "leads nowhere") {
		t.Errorf("scp: %v", err)
	} else {
		t.Log(err)
	}
}
