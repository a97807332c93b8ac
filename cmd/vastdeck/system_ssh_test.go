//go:build system && linux

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// farMachine is a real ssh server on a loopback port, which stands for every instance
// of a simulator, and the user's key for it.
type farMachine struct {
	t        *testing.T
	dir      string // short: control sockets lie in it
	address  string // of the ssh server
	url      string // of the simulator
	identity string
}

func startFarMachine(t *testing.T) *farMachine {
	t.Helper()
	needTool(t, "sshd", "openssh-server")
	needTool(t, "ssh", "openssh-client")
	if os.Getuid() != 0 {
		t.Fatal("instances are logged in to as root, and here this machine stands for one: run this test as root")
	}
	dir, err := os.MkdirTemp("/tmp", "vd-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	m := &farMachine{t: t, dir: dir, address: freeAddress(t), identity: filepath.Join(dir, "id")}
	for _, name := range []string{"host", "id"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", filepath.Join(dir, name)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v\n%s", err, out)
		}
	}
	t.Cleanup(func() { // shared connections outlive the program
		for _, pid := range m.clients() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	m.startServer()
	m.startSimulator()
	return m
}

func (m *farMachine) write(name, text string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// letIn puts the user's key into the server, as attaching it would.
func (m *farMachine) letIn() {
	m.t.Helper()
	key, err := os.ReadFile(m.identity + ".pub")
	if err != nil {
		m.t.Fatal(err)
	}
	m.write("authorized_keys", string(key))
}

func (m *farMachine) startServer() {
	m.t.Helper()
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil { // packages make it when the service starts
		m.t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(m.address)
	m.write("authorized_keys", "")
	m.write("sshd_config", fmt.Sprintf(`Port %s
ListenAddress 127.0.0.1
HostKey %s/host
AuthorizedKeysFile %s/authorized_keys
PidFile none
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PrintMotd no
SetEnv HOME=%s
`, port, m.dir, m.dir, m.dir)) // a shell reads no files of the user here: they may be slow, or print
	tool, err := exec.LookPath("sshd") // it insists on being started with its whole path
	if err != nil {
		tool = "/usr/sbin/sshd"
	}
	m.run(exec.Command(tool, "-D", "-f", filepath.Join(m.dir, "sshd_config")))
	waitListening(m.t, m.address)
}

func (m *farMachine) startSimulator() {
	m.t.Helper()
	address := freeAddress(m.t)
	m.run(exec.Command(buildSimulator(m.t), "--addr", address, "--quiet", "--limits", "off", "--ssh", m.address))
	waitListening(m.t, address)
	m.url = "http://" + address
}

// run starts a server that is killed, with what it has started, when the test ends.
func (m *farMachine) run(cmd *exec.Cmd) {
	m.t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
}

// clients are the processes of ssh that speak to the server, shared connections too.
func (m *farMachine) clients() []int {
	var found []int
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		line, _ := os.ReadFile(filepath.Join(folder, "cmdline"))
		text := strings.ReplaceAll(string(line), "\x00", " ")
		if strings.HasPrefix(filepath.Base(strings.Fields(text + " x")[0]), "ssh") && strings.Contains(text, m.dir) && !strings.Contains(text, "sshd_config") {
			pid, _ := strconv.Atoi(filepath.Base(folder))
			found = append(found, pid)
		}
	}
	return found
}

// open starts the program in a tmux and shows the instances with the cursor on one
// that runs.
func (m *farMachine) open(settings string) (*tmux, string) {
	m.t.Helper()
	screen := startTmux(m.t)
	config := filepath.Join(screen.home, ".config", "vastdeck")
	if err := os.MkdirAll(config, 0o700); err != nil {
		m.t.Fatal(err)
	}
	// Without a mouse of the program's own it is seen what a shell has left switched on.
	text := fmt.Sprintf("mouse = false\n[ssh]\nidentity = %q\n%s", m.identity, settings)
	if err := os.WriteFile(filepath.Join(config, "config.toml"), []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
	start := fmt.Sprintf("XDG_RUNTIME_DIR=%s VAST_URL=%s VAST_API_KEY=%s %s", m.dir, m.url, sentinel, buildProgram(m.t))
	screen.enter(start)
	screen.waitScreen("market", shows("1 Market"))
	screen.run("send-keys", "2")
	screen.waitScreen("instances", shows("[2 Instances", "llama-finetune"))
	screen.toInstance("llama-finetune")
	return screen, start
}

// toInstance moves the cursor to the row with a name.
func (m *tmux) toInstance(name string) {
	m.t.Helper()
	cursor := func(lines []string) (id, line string) {
		for _, line := range lines {
			if fields := strings.Fields(line); strings.HasPrefix(line, "▌") && len(fields) > 1 {
				return fields[1], line
			}
		}
		return "", ""
	}
	at := ""
	for range 10 {
		m.waitScreen("step of the cursor", func(lines []string) bool {
			id, _ := cursor(lines)
			return id != at && id != ""
		})
		var line string
		if at, line = cursor(m.screen()); strings.Contains(line, name) {
			return
		}
		m.run("send-keys", "j")
	}
	m.t.Fatalf("the cursor does not come to %s:\n%s", name, strings.Join(m.screen(), "\n"))
}

// hears waits until the program hears all keys again after a command that had the
// terminal: what was typed ahead may have been meant for that one. Whatever was typed
// before has been read by then.
func (m *tmux) hears() {
	m.t.Helper()
	detail := shows("billed now")
	m.press("Enter", "detail", detail)
	m.press("Escape", "list", func(lines []string) bool { return !detail(lines) && shows("[2 Instances")(lines) })
}

// flags are what the program has switched on in the terminal.
func (m *tmux) flags() string {
	return strings.TrimSpace(m.run("display-message", "-p", "alternate=#{alternate_on} mouse=#{mouse_any_flag}"))
}

func TestShellInAnInstanceFromKeyToExitStatus(t *testing.T) {
	t.Parallel()
	far := startFarMachine(t)
	screen, _ := far.open("")

	screen.run("send-keys", "s")
	screen.waitScreen("refusal of the key", shows("[2 Instances", "none of the keys"))
	if got := screen.flags(); got != "alternate=1 mouse=0" {
		t.Errorf("after ssh has failed: %s", got)
	}

	far.letIn()
	screen.hears()
	screen.run("send-keys", "s")
	screen.waitScreen("notice", shows("Opening a shell in llama-finetune", "Directly: its port answers."))
	screen.enter("PS1='far> '; echo shell-$((40+2))")
	screen.waitScreen("shell", shows("shell-42", "far>"))
	far.checkNoKey()

	// Whatever it leaves switched on, and whatever was typed ahead, does not reach the program.
	screen.enter(`printf '\033[?1000h\033[?1006h\033[?2004h\033[?1049h\033[5;10r\033]2;hostile\007'`)
	screen.run("send-keys", "-l", "exit 7\rDDDDSBRXq")
	screen.waitScreen("exit status", shows("[2 Instances", "ended with status 7"))
	screen.hears() // what any of those keys would have opened would be in the way
	if got := screen.flags(); got != "alternate=1 mouse=0" {
		t.Errorf("after the shell: %s", got)
	}
	lines := screen.screen()
	for _, text := range []string{"llama-finetune", "● RUNNING", "instances now", "enter detail"} {
		if !shows(text)(lines) {
			t.Errorf("the screen lacks %q:\n%s", text, strings.Join(lines, "\n"))
		}
	}
	if shows("cannot be undone")(lines) || shows("hostile")([]string{screen.run("display-message", "-p", "#{pane_title}")}) {
		t.Errorf("the shell reached the program:\n%s", strings.Join(lines, "\n"))
	}

	// The connection is shared.
	screen.run("send-keys", "s")
	screen.waitScreen("second shell", shows("Over the connection that is open already"))
	screen.enter("echo second-$((1+1))")
	screen.waitScreen("second shell", shows("second-2"))
	screen.enter("exit")
	screen.waitScreen("instances", shows("[2 Instances"))
	screen.hears()
	screen.leave()
}

// checkNoKey checks that no process of ssh knows the API key.
func (m *farMachine) checkNoKey() {
	m.t.Helper()
	pids := m.clients()
	if len(pids) == 0 {
		m.t.Error("no ssh is running")
	}
	for _, pid := range pids {
		for _, file := range []string{"environ", "cmdline"} {
			if text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file)); strings.Contains(string(text), sentinel) {
				m.t.Errorf("the API key is in %s of process %d", file, pid)
			}
		}
	}
}

// leave ends the program with q, agreeing when it asks.
func (m *tmux) leave() {
	m.t.Helper()
	m.run("send-keys", "q")
	if m.asksToLeave() {
		m.run("send-keys", "q")
	}
	m.waitScreen("prompt", atPrompt)
}

func TestShellEndsWithAProgramThatIsKilled(t *testing.T) {
	t.Parallel()
	far := startFarMachine(t)
	far.letIn()
	screen, _ := far.open("")
	screen.run("send-keys", "s")
	screen.waitScreen("notice", shows("Opening a shell in llama-finetune"))
	screen.enter("PS1='far> '; echo shell-$((40+2))")
	screen.waitScreen("shell", shows("shell-42", "far>"))
	shell := 0
	for _, pid := range far.clients() {
		if line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); strings.Contains(string(line), "\x00-t\x00") {
			shell = pid
		}
	}
	if shell == 0 {
		t.Fatal("no ssh has the terminal")
	}
	if err := syscall.Kill(parentOf(shell), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	screen.waitScreen("word of the end", shows("ended unexpectedly"))
	waitGone(t, shell) // or it would go on reading from the terminal
}

func TestTunnelFromTheFormCarriesBytesAndComesBackInTheNextRun(t *testing.T) {
	t.Parallel()
	far := startFarMachine(t)
	far.letIn()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "from-far-away") }))
	t.Cleanup(page.Close)
	_, there, _ := net.SplitHostPort(page.Listener.Addr().String())
	_, here, _ := net.SplitHostPort(freeAddress(t))
	through := func() (string, error) {
		client := http.Client{Timeout: hangGuard, Transport: &http.Transport{DisableKeepAlives: true}}
		a, err := client.Get("http://127.0.0.1:" + here + "/")
		if err != nil {
			return "", err
		}
		defer a.Body.Close()
		text, err := io.ReadAll(a.Body)
		return string(text), err
	}

	screen, start := far.open("")
	screen.run("send-keys", "f")
	screen.waitScreen("form", shows("port there", "port here"))
	screen.run("send-keys", "C-u")
	screen.run("send-keys", "-l", there)
	screen.run("send-keys", "Tab")
	screen.run("send-keys", "C-u")
	screen.run("send-keys", "-l", here)
	screen.waitScreen("ports", shows("127.0.0.1:"+here, "localhost:"+there))
	screen.run("send-keys", "C-s")
	// While the form is being handed in, keys are its own.
	screen.waitScreen("what is open", func(lines []string) bool { return shows("6 Sessions 1")(lines) || shows("6 Sessions 2")(lines) })
	screen.run("send-keys", "6")
	screen.waitScreen("tunnel", shows("[6 Sessions", "● up", "127.0.0.1:"+here))
	if text, err := through(); err != nil || text != "from-far-away" {
		t.Errorf("through the tunnel came %q, %v", text, err)
	}
	far.checkNoKey()

	screen.leave()
	if _, err := through(); err == nil {
		t.Error("the tunnel is open although the program has ended")
	}
	screen.enter("clear; " + start)
	screen.waitScreen("tunnel of the last run", shows("127.0.0.1:"+here, "● up"))
	if text, err := through(); err != nil || text != "from-far-away" {
		t.Errorf("through the tunnel of the next run came %q, %v", text, err)
	}
	screen.leave()
}

func TestShellOpensInAWindowOfTmux(t *testing.T) {
	t.Parallel()
	far := startFarMachine(t)
	far.letIn()
	screen, _ := far.open("window = \"tmux\"\n")
	screen.run("send-keys", "s")
	screen.waitScreen("other window", func([]string) bool {
		return strings.Contains(screen.run("list-windows", "-F", "#{window_name}"), "llama-finetune")
	})
	screen.enter("PS1='far> '; echo window-$((40+2)); env | grep -c VAST_API_KEY")
	screen.waitScreen("shell", shows("window-42", "far>"))
	far.checkNoKey()
	screen.enter("exit 0") // a window whose shell ends otherwise stays, and says so
	// Now and then tmux misses the end of a child until another one of its own ends.
	for begun := time.Now(); !screen.shown(again, shows("[2 Instances", "llama-finetune")) && time.Since(begun) < hangGuard; {
		screen.run("run-shell", "true")
	}
	screen.waitScreen("program", shows("[2 Instances", "llama-finetune"))
	screen.leave()
}
