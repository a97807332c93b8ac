//go:build benchpty && linux

package main

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
)

// server is the simulator in a process of its own.
type server struct {
	url string

	mu   sync.Mutex
	asks map[string]int // requests answered, by method and path
}

var serverAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// buildSimulator builds vastsim as a release is built and returns its path.
func (b *bench) buildSimulator() string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "vastsim")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "../vastsim")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.t.Fatalf("build vastsim: %v\n%s", err, out)
	}
	return path
}

// serve starts the simulator on a free port, in a world that stands still and without
// limits, until the end of the test.
func (b *bench) serve(simulator string, arguments ...string) *server {
	b.t.Helper()
	cmd := exec.Command(simulator, append([]string{"--addr", "127.0.0.1:0", "--limits", "off", "--quiet", "--log"}, arguments...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.t.Fatalf("start vastsim: %v", err)
	}
	s := &server{asks: map[string]int{}}
	lines := bufio.NewScanner(out)
	if lines.Scan() {
		s.url = serverAddress.FindString(lines.Text())
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines.Scan() {
			s.mu.Lock()
			s.asks[lines.Text()]++
			s.mu.Unlock()
		}
	}()
	b.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-read
		_ = cmd.Wait()
	})
	if s.url == "" {
		b.t.Fatalf("vastsim does not say where it is; the first line: %q", lines.Text())
	}
	return s
}

// searches is how many searches have been answered.
func (s *server) searches() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asks[searchPath]
}
