package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"

	"vastdeck/vastapi/remote"
)

// demoRunner answers in place of ssh. It starts no process. A shared connection is a
// file where its socket would be; a forwarded port is a listener of this process.
type demoRunner struct {
	mu        sync.Mutex
	masters   map[string]bool         // by the path of the socket
	listeners map[string]net.Listener // by socket and forward
	closed    bool
}

func newDemoRunner() *demoRunner {
	return &demoRunner{masters: map[string]bool{}, listeners: map[string]net.Listener{}}
}

// Run answers a command of ssh.
func (r *demoRunner) Run(ctx context.Context, cmd remote.Command, s remote.Streams) (int, error) {
	if ctx.Err() != nil {
		return -1, context.Cause(ctx)
	}
	if verb, ok := after(cmd.Args, "-O"); ok {
		return r.control(verb, cmd, s), nil
	}
	if slices.Contains(cmd.Args, "-M") || len(r.line(cmd)) == 0 {
		r.share(cmd)
		return 0, nil
	}
	said := demoAnswer(r.line(cmd), 0)
	say(s.Out, said.text)
	return said.code, nil
}

// line is the command line for the other end, "" when there is none.
func (*demoRunner) line(cmd remote.Command) string {
	end := slices.Index(cmd.Args, "--")
	if end < 0 || len(cmd.Args) < end+3 {
		return ""
	}
	return strings.Join(cmd.Args[end+2:], " ")
}

// share makes what stands for a shared connection, if the command would have made one.
func (r *demoRunner) share(cmd remote.Command) {
	socket := socketIn(cmd.Args)
	r.mu.Lock()
	defer r.mu.Unlock()
	if socket == "" || r.masters[socket] || r.closed {
		return
	}
	if f, err := os.OpenFile(socket, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
		_ = f.Close()
		r.masters[socket] = true
	}
}

// control is what a shared connection does when it is spoken to.
func (r *demoRunner) control(verb string, cmd remote.Command, s remote.Streams) int {
	socket := socketIn(cmd.Args)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.masters[socket] {
		say(s.Err, "Control socket connect("+socket+"): No such file or directory\r\n")
		return remote.SSHFailed
	}
	forward, _ := after(cmd.Args, "-L")
	switch verb {
	case "check":
		say(s.Err, fmt.Sprintf("Master running (pid=%d)\r\n", os.Getpid()))
	case "exit":
		r.end(socket)
	case "forward":
		return r.listen(socket, forward, s)
	case "cancel":
		return r.unlisten(socket+" "+forward, s)
	}
	return 0
}

// listen opens a forwarded port.
func (r *demoRunner) listen(socket, forward string, s remote.Streams) int {
	local, to := splitForward(forward)
	l, err := net.Listen("tcp", local)
	if err != nil {
		say(s.Err, "Port forwarding failed.\r\n")
		return remote.SSHFailed
	}
	r.listeners[socket+" "+forward] = l
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go demoNet(conn, "here "+to+" of an instance would answer")
		}
	}()
	return 0
}

func (r *demoRunner) unlisten(key string, s remote.Streams) int {
	l, ok := r.listeners[key]
	if !ok {
		say(s.Err, "Port forwarding failed.\r\n")
		return remote.SSHFailed
	}
	delete(r.listeners, key)
	_ = l.Close()
	return 0
}

// end ends a shared connection and what goes over it.
func (r *demoRunner) end(socket string) {
	delete(r.masters, socket)
	_ = os.Remove(socket)
	for key, l := range r.listeners {
		if strings.HasPrefix(key, socket+" ") {
			delete(r.listeners, key)
			_ = l.Close()
		}
	}
}

// close ends everything.
func (r *demoRunner) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for socket := range r.masters {
		r.end(socket)
	}
}

// dial reaches ports of this machine that the demo forwards; everything else is an ssh
// server that says its first line.
func (r *demoRunner) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if onThisMachine(host) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	here, there := net.Pipe()
	go func() {
		defer there.Close()
		_, _ = io.WriteString(there, "SSH-2.0-demo\r\n")
	}()
	return here, nil
}

// after is the argument behind a flag.
func after(args []string, flag string) (string, bool) {
	i := slices.Index(args, flag)
	if i < 0 || i+1 >= len(args) {
		return "", false
	}
	return args[i+1], true
}

// socketIn is the path of the control socket that a command names.
func socketIn(args []string) string {
	for _, arg := range args {
		if path, ok := strings.CutPrefix(arg, "ControlPath="); ok && path != "none" {
			return strings.ReplaceAll(strings.Trim(path, `"`), "%%", "%")
		}
	}
	return ""
}

// splitForward takes bind:port:host:port apart, where hosts may have brackets.
func splitForward(forward string) (local, to string) {
	colons := 0
	depth := 0
	for i, c := range forward {
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == ':' && depth == 0:
			if colons++; colons == 2 {
				return forward[:i], forward[i+1:]
			}
		}
	}
	return forward, ""
}

func say(w io.Writer, text string) {
	if w != nil {
		_, _ = io.WriteString(w, text)
	}
}
