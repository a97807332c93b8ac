//go:build (system || benchpty) && linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// ptySession is a program on a real pseudo-terminal. The test is the terminal: it keeps
// everything written and answers the two questions that Bubble Tea asks.
type ptySession struct {
	t       testing.TB
	master  *os.File
	tty     *os.File
	cmd     *exec.Cmd
	before  unix.Termios
	flags   int
	exited  chan struct{}
	started time.Time

	cols, rows uint16    // of the terminal now
	seen       *emulator // what shows it, nil until somebody looks
	fed        int       // so much of the output has been given to it

	mu     sync.Mutex
	out    []byte
	lastAt time.Time
	chunks []chunk
	news   chan struct{}
}

// chunk says when the bytes up to end had arrived.
type chunk struct {
	end int
	at  time.Time
}

// openTerminal makes a terminal without a program.
func openTerminal(t testing.TB, cols, rows uint16) *ptySession {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatalf("open a pseudo-terminal: %v", err)
	}
	s := &ptySession{t: t, master: master, tty: tty, exited: make(chan struct{}), news: make(chan struct{})}
	s.resize(cols, rows)
	s.before, s.flags = s.termios(), s.fileFlags()
	go s.read()
	t.Cleanup(s.close)
	return s
}

// startSession starts cmd as the leader of a session of its own on a new terminal.
func startSession(t testing.TB, cols, rows uint16, cmd *exec.Cmd) *ptySession {
	t.Helper()
	s := openTerminal(t, cols, rows)
	tty := s.tty
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	s.started = time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", cmd.Path, err)
	}
	s.cmd = cmd
	go func() {
		// The way it ended is asked of ProcessState.
		_ = cmd.Wait()
		close(s.exited)
	}()
	return s
}

// close ends what is left of the session.
func (s *ptySession) close() {
	if s.cmd != nil && s.running() {
		killTree(s.cmd.Process.Pid)
		<-s.exited
	}
	s.master.Close()
	s.tty.Close()
}

// killTree ends a process and all that it has started.
func killTree(pid int) {
	for _, child := range childrenOf(pid) {
		killTree(child)
	}
	_ = unix.Kill(pid, unix.SIGKILL)
}

// answers are the replies of a terminal that knows synchronised output and grapheme
// clusters, so that both modes are really used.
var answers = map[string]string{
	"\x1b[?2026$p": "\x1b[?2026;2$y",
	"\x1b[?2027$p": "\x1b[?2027;2$y",
}

func (s *ptySession) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := s.master.Read(buf)
		if n > 0 {
			at := time.Now()
			// Answers go first: whoever has seen a question may type behind them.
			for question, answer := range answers {
				if bytes.Contains(buf[:n], []byte(question)) {
					_, _ = io.WriteString(s.master, answer)
				}
			}
			s.mu.Lock()
			s.out = append(s.out, buf[:n]...)
			s.lastAt = at
			s.chunks = append(s.chunks, chunk{len(s.out), at})
			close(s.news)
			s.news = make(chan struct{})
			s.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

// output is everything written so far.
func (s *ptySession) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.out)
}

// length is how much was written so far, and when the last of it came.
func (s *ptySession) length() (int, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.out), s.lastAt
}

// waitFor waits until the program has written what ok wants to see after the first n
// bytes.
func (s *ptySession) waitFor(what string, n int, ok func(string) bool) {
	s.t.Helper()
	deadline := time.After(hangGuard)
	for {
		s.mu.Lock()
		text, news := string(s.out[n:]), s.news
		s.mu.Unlock()
		if ok(text) {
			return
		}
		select {
		case <-news:
		case <-deadline:
			s.t.Fatalf("no %s; written: %q", what, tail(text, 2000))
		}
	}
}

// waitText waits until text has been written after the first n bytes.
func (s *ptySession) waitText(text string, n int) {
	s.t.Helper()
	s.waitFor(strconv.Quote(text), n, func(out string) bool { return strings.Contains(out, text) })
}

// endsUnless waits until the program has either ended or written text after the first n
// bytes, and reports whether it has ended.
func (s *ptySession) endsUnless(text string, n int) bool {
	s.t.Helper()
	deadline := time.After(hangGuard)
	for {
		s.mu.Lock()
		out, news := string(s.out[n:]), s.news
		s.mu.Unlock()
		if strings.Contains(out, text) {
			return false
		}
		select {
		case <-news:
		case <-s.exited:
			return true
		case <-deadline:
			s.t.Fatalf("neither an end nor %q; written: %q", text, tail(out, 2000))
		}
	}
}

// lines is what the terminal shows now.
func (s *ptySession) lines() []string {
	if s.seen == nil {
		em := newEmulator(s.t, s.cols, s.rows)
		s.seen = &em
	}
	out := s.output()
	_, _ = s.seen.Write([]byte(out[s.fed:]))
	s.fed = len(out)
	return s.seen.lines()
}

// waitScreen waits until the terminal shows what ok wants to see.
func (s *ptySession) waitScreen(what string, ok func([]string) bool) {
	s.t.Helper()
	s.waitFor(what, 0, func(string) bool { return ok(s.lines()) })
}

// drain waits until everything has arrived that was written to the terminal so far. It
// writes a mark behind it and takes the mark away again.
func (s *ptySession) drain() {
	s.t.Helper()
	const mark = "<all of it>"
	if _, err := io.WriteString(s.tty, mark); err != nil {
		s.t.Fatalf("write to the terminal: %v", err)
	}
	s.waitText(mark, 0)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = bytes.ReplaceAll(s.out, []byte(mark), nil)
}

// settleLimit is how long settle waits for a program that never stops writing.
const settleLimit = 2 * time.Second

// settle waits until nothing has been written for quiet. That the program has done
// anything by then must not be taken for granted: it may only be slow.
func (s *ptySession) settle(quiet time.Duration) {
	deadline := time.After(settleLimit)
	for {
		s.mu.Lock()
		news := s.news
		s.mu.Unlock()
		select {
		case <-news:
		case <-time.After(quiet):
			return
		case <-deadline:
			return
		}
	}
}

// press types keys.
func (s *ptySession) press(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.master, keys); err != nil {
		s.t.Fatalf("type %q: %v", keys, err)
	}
}

// resize gives the terminal another size, which sends SIGWINCH.
func (s *ptySession) resize(cols, rows uint16) {
	s.t.Helper()
	if err := pty.Setsize(s.master, &pty.Winsize{Cols: cols, Rows: rows}); err != nil {
		s.t.Fatalf("resize: %v", err)
	}
	s.cols, s.rows = cols, rows
}

// waitExit waits for the end of the program and returns its exit code as a shell
// would show it.
func (s *ptySession) waitExit() int {
	s.t.Helper()
	select {
	case <-s.exited:
	case <-time.After(hangGuard):
		s.t.Fatalf("it does not end; written: %q", tail(s.output(), 2000))
	}
	status := s.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return 128 + int(status.Signal())
	}
	return status.ExitStatus()
}

// running reports whether the program has not ended yet.
func (s *ptySession) running() bool {
	select {
	case <-s.exited:
		return false
	default:
		return true
	}
}

func (s *ptySession) termios() unix.Termios {
	s.t.Helper()
	state, err := unix.IoctlGetTermios(int(s.tty.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatalf("read the terminal's state: %v", err)
	}
	return *state
}

func (s *ptySession) fileFlags() int {
	s.t.Helper()
	flags, err := unix.FcntlInt(s.tty.Fd(), unix.F_GETFL, 0)
	if err != nil {
		s.t.Fatalf("read the terminal's file flags: %v", err)
	}
	return flags
}

// drawing is the process that draws: the child of the supervisor.
func (s *ptySession) drawing() int {
	s.t.Helper()
	found := 0
	waitUntil(s.t, fmt.Sprintf("child of process %d that draws", s.cmd.Process.Pid), func() bool {
		for _, pid := range childrenOf(s.cmd.Process.Pid) {
			if draws(pid) {
				found = pid
			}
		}
		return found != 0
	})
	return found
}

// waitUntil waits until ok is true, where nothing tells when it becomes so.
func waitUntil(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(hangGuard)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("no %s", what)
		}
	}
}

// draws reports whether pid is the process that draws. Go starts another child for a
// moment to try out what the kernel can do. A process whose environment must not be
// looked at has hardened itself and is the one, too.
func draws(pid int) bool {
	environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	return os.IsPermission(err) || bytes.Contains(environment, []byte("\x00"+childMark+"=1\x00"))
}

// checkRestored fails unless the terminal is as it was before the program started.
func (s *ptySession) checkRestored() {
	s.t.Helper()
	if after := s.termios(); after != s.before {
		s.t.Errorf("the line discipline differs:\nbefore %+v\nafter  %+v", s.before, after)
	}
	if after := s.fileFlags(); after != s.flags {
		s.t.Errorf("the terminal's file flags were %#x and are %#x", s.flags, after)
	}
	s.drain()
	modes := privateModes(s.output())
	for _, mode := range []int{1000, 1002, 1003, 1004, 1006, 1049, 2004, 2026, 2027} {
		if modes[mode] {
			s.t.Errorf("mode %d was left on; written last: %q", mode, tail(s.output(), 500))
		}
	}
	if shown, set := modes[25]; set && !shown {
		s.t.Errorf("the cursor was left hidden; written last: %q", tail(s.output(), 500))
	}
	if title, ok := lastTitle(s.output()); ok && title != "" {
		s.t.Errorf("the window title was left as %q", title)
	}
}

var (
	modeSequence   = regexp.MustCompile(`\x1b\[\?([0-9;]+)([hl])`)
	titleSequence  = regexp.MustCompile(`\x1b\][02];([^\x07\x1b]*)(?:\x07|\x1b\\)`)
	colourSequence = regexp.MustCompile(`\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;:]*)?m`)
)

// privateModes is which modes are on after out was written.
func privateModes(out string) map[int]bool {
	modes := map[int]bool{}
	for _, m := range modeSequence.FindAllStringSubmatch(out, -1) {
		for number := range strings.SplitSeq(m[1], ";") {
			if mode, err := strconv.Atoi(number); err == nil {
				modes[mode] = m[2] == "h"
			}
		}
	}
	return modes
}

// lastTitle is the window title after out was written.
func lastTitle(out string) (string, bool) {
	titles := titleSequence.FindAllStringSubmatch(out, -1)
	if len(titles) == 0 {
		return "", false
	}
	return titles[len(titles)-1][1], true
}

// childrenOf lists the processes that pid has started and that still exist.
func childrenOf(pid int) []int {
	var children []int
	entries, _ := filepath.Glob("/proc/[0-9]*")
	for _, entry := range entries {
		child, err := strconv.Atoi(filepath.Base(entry))
		if err == nil && parentOf(child) == pid && !isZombie(child) {
			children = append(children, child)
		}
	}
	return children
}

// processState is the letter that Linux gives a process: R, S, T, Z …; 0 without one.
func processState(pid int) byte {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) == 0 {
		return 0
	}
	return fields[0][0]
}

func isZombie(pid int) bool { return processState(pid) == 'Z' }

// emulator is a terminal whose screen can be read.
type emulator struct{ *vt.Emulator }

func newEmulator(t testing.TB, cols, rows uint16) emulator {
	em := emulator{vt.NewEmulator(int(cols), int(rows))}
	// It answers questions into a pipe and blocks until somebody reads.
	go func() { _, _ = io.Copy(io.Discard, em) }()
	t.Cleanup(func() { em.InputPipe().(io.Closer).Close() })
	return em
}

// lines is the text of the screen, without spaces at the ends.
func (e emulator) lines() []string {
	lines := strings.Split(e.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \r")
	}
	return lines
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// buildProgram builds vastdeck as a release is built, once for all tests, and returns
// its path.
func buildProgram(t testing.TB) string {
	t.Helper()
	path, err := builtProgram()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var builtProgram = sync.OnceValues(func() (string, error) {
	return build(programName, "-trimpath", "-ldflags=-s -w", ".")
})

// afterTests has something that several tests share cleared away when all have ended.
func afterTests(clear func()) {
	leftovers.Lock()
	defer leftovers.Unlock()
	leftovers.clear = append(leftovers.clear, clear)
}

// build builds a program that lasts until the tests have ended, and returns its path.
func build(name string, arguments ...string) (string, error) {
	folder, err := os.MkdirTemp("", "vastdeck-built")
	if err != nil {
		return "", err
	}
	afterTests(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, name)
	cmd := exec.Command("go", append([]string{"build", "-o", path}, arguments...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, out)
	}
	return path, nil
}

// programEnvironment is the environment of a user with an empty home folder.
func programEnvironment(home string, more ...string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TERM=xterm-256color", "COLORTERM=truecolor",
		"LANG=C.UTF-8", "TMPDIR=" + home,
	}, more...)
}
