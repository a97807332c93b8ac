//go:build system && unix

package remote_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// sshd is a real OpenSSH server on a loopback port, with host key, configuration and
// list of keys of its own. It stands for an instance.
type sshd struct {
	t    *testing.T
	dir  string
	port int
	cmd  *exec.Cmd
	log  chan string // its lines, dropped when nobody reads them
}

func needTool(t *testing.T, debianPackage string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("this test needs %s, which is missing: install the package %s", names[0], debianPackage)
	return ""
}

// newSSHD prepares a server and starts it.
func newSSHD(t *testing.T) *sshd {
	t.Helper()
	s := &sshd{t: t, dir: t.TempDir(), port: freeLoopbackPort(t)}
	s.newHostKey()
	s.write("authorized_keys", "")
	s.start()
	t.Cleanup(s.stop)
	return s
}

func (s *sshd) path(name string) string { return filepath.Join(s.dir, name) }

func (s *sshd) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(s.path(name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// newHostKey gives the server another host key: it takes it when it is started again.
func (s *sshd) newHostKey() {
	s.t.Helper()
	for _, name := range []string{"host", "host.pub"} {
		_ = os.Remove(s.path(name))
	}
	keygen(s.t, s.path("host"))
}

func keygen(t *testing.T, path string) {
	t.Helper()
	tool := needTool(t, "openssh-client", "ssh-keygen")
	if out, err := exec.Command(tool, "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
}

// allow lets a public key in, and no other.
func (s *sshd) allow(publicKeyFile string) {
	s.t.Helper()
	key, err := os.ReadFile(publicKeyFile)
	if err != nil {
		s.t.Fatal(err)
	}
	s.write("authorized_keys", string(key))
}

func (s *sshd) start() {
	s.t.Helper()
	tool := needTool(s.t, "openssh-server", "sshd", "/usr/sbin/sshd")
	if os.Getuid() == 0 {
		// Where sshd puts its unprivileged half; packages make it when the service starts.
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			s.t.Fatal(err)
		}
	}
	s.write("config", fmt.Sprintf(`Port %d
ListenAddress 127.0.0.1
HostKey %s
AuthorizedKeysFile %s
PidFile none
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PrintMotd no
MaxSessions 100
MaxStartups 200
Subsystem sftp internal-sftp
LogLevel VERBOSE
SetEnv HOME=%s
`, s.port, s.path("host"), s.path("authorized_keys"), s.dir)) // a shell reads no files of the user here: they may be slow, or print
	s.cmd = exec.Command(tool, "-D", "-e", "-f", s.path("config"))
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	said, err := s.cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.log = make(chan string, 1000)
	up := make(chan bool, 1)
	go s.read(said, up)
	select {
	case ok := <-up:
		if !ok {
			s.t.Fatalf("sshd ended at once: %s", strings.Join(s.said(), "\n"))
		}
	case <-time.After(hangs):
		s.t.Fatalf("sshd does not listen after %v", hangs)
	}
}

// read takes what the server says and tells when it listens.
func (s *sshd) read(from io.Reader, up chan<- bool) {
	lines := bufio.NewScanner(from)
	told := false
	for lines.Scan() {
		select {
		case s.log <- lines.Text():
		default:
		}
		if !told && strings.Contains(lines.Text(), "Server listening on") {
			told = true
			up <- true
		}
	}
	if !told {
		up <- false
	}
}

// said is what the server has said so far.
func (s *sshd) said() []string {
	var all []string
	for {
		select {
		case line := <-s.log:
			all = append(all, line)
		default:
			return all
		}
	}
}

// stop ends the server. Its connections are processes of its group or end with theirs.
func (s *sshd) stop() {
	if s.cmd == nil {
		return
	}
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	_ = s.cmd.Wait()
	s.cmd = nil
}

// restart ends the server and starts it again.
func (s *sshd) restart() {
	s.t.Helper()
	s.stop()
	s.start()
}

func freeLoopbackPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// rig is a client with a key that a server lets in.
type rig struct {
	t    *testing.T
	home string
	sshd *sshd
	c    *remote.Client
	key  string // path of the private key
	runs *counting
}

// counting counts the processes that are started.
type counting struct {
	remote.Processes
	started chan remote.Command
}

func (c *counting) Run(ctx context.Context, cmd remote.Command, s remote.Streams) (int, error) {
	select {
	case c.started <- cmd:
	default:
	}
	return c.Processes.Run(ctx, cmd, s)
}

// instance is the id that the server is known by.
const instance = vastapi.InstanceID(4711)

func newRig(t *testing.T) *rig {
	t.Helper()
	needTool(t, "openssh-client", "ssh")
	r := &rig{t: t, home: shortDir(t), sshd: newSSHD(t), runs: &counting{started: make(chan remote.Command, 10000)}}
	r.key = filepath.Join(r.home, "id")
	keygen(t, r.key)
	r.sshd.allow(r.key + ".pub")
	r.c = r.client(r.key)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), hangs)
		defer cancel()
		sessions, _ := r.c.Sessions(ctx)
		for _, s := range sessions {
			_ = r.c.Close(ctx, s.Instance)
		}
	})
	return r
}

// shortDir is a temporary folder whose path is short enough for control sockets.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "vd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (r *rig) client(key string) *remote.Client {
	r.t.Helper()
	me, err := user.Current()
	if err != nil {
		r.t.Fatal(err)
	}
	c, err := remote.New(remote.Options{
		Runner: r.runs, Dir: filepath.Join(r.home, "run"), KnownHosts: filepath.Join(r.home, "known_hosts"),
		ConfigFile: filepath.Join(r.home, "config"), SSHDir: filepath.Join(r.home, "ssh"), Identity: key,
		User: me.Username, Scope: "test", AllowHosts: []string{"127.0.0.1"},
		Environ: func() []string { return append(os.Environ(), "SSH_AUTH_SOCK=") },
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *rig) endpoint() remote.Endpoint {
	return remote.Endpoint{Way: remote.Direct, Host: "127.0.0.1", Port: r.sshd.port}
}

func (r *rig) target() remote.Target {
	return remote.Target{Instance: instance, Name: "test", Direct: r.endpoint(), Running: true}
}

// hangs is after how long a test gives up. It proves nothing about speed: on a machine
// that does ten other things starting ssh alone takes seconds.
const hangs = 4 * time.Minute

// within ends a test that hangs.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hangs)
	t.Cleanup(cancel)
	return ctx
}

func (r *rig) open(ctx context.Context) remote.Session {
	r.t.Helper()
	s, err := r.c.Open(ctx, instance, r.endpoint(), false)
	if err != nil {
		r.t.Fatalf("opening: %v; sshd said\n%s", err, strings.Join(r.sshd.said(), "\n"))
	}
	return s
}

// processes are the children of the whole system whose command line has word in it.
func processes(t *testing.T, word string) []int {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		line, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if strings.Contains(string(line), word) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// below are the descendants of a process whose command line begins with a word.
func below(t *testing.T, root int, word string) []int {
	t.Helper()
	parent := map[int]int{}
	for _, pid := range processes(t, "") {
		stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
		if err != nil {
			continue // it has ended meanwhile
		}
		// "pid (name) state ppid …", and the name may hold anything.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		parent[pid], _ = strconv.Atoi(fields[1])
	}
	var all []int
	for pid := range parent {
		line, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
		for up := pid; up > 1 && strings.HasPrefix(string(line), word); up = parent[up] {
			if up == root {
				all = append(all, pid)
				break
			}
		}
	}
	return all
}

// eventually waits until a condition is true, and tells how long it took.
func eventually(t *testing.T, what string, condition func() bool) time.Duration {
	t.Helper()
	start := time.Now()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		if time.Since(start) > hangs {
			t.Fatalf("after %v still not so: %s", hangs, what)
		}
		<-tick.C
	}
	return time.Since(start)
}

// slowness is how many times as long as on a quiet machine starting ssh takes here now,
// and at least 1: what is promised in seconds is promised for a quiet machine.
func slowness(t *testing.T) float64 {
	t.Helper()
	const quiet = 20 * time.Millisecond // a quiet machine takes 3 to 10
	tool, best := needTool(t, "openssh-client", "ssh"), hangs
	for range 5 {
		start := time.Now()
		if out, err := exec.Command(tool, "-V").CombinedOutput(); err != nil {
			t.Fatalf("ssh -V: %v\n%s", err, out)
		}
		best = min(best, time.Since(start))
	}
	return max(1, float64(best)/float64(quiet))
}
