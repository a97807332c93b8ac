package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/store"
	"vastdeck/tui/command"
	"vastdeck/vastapi/remote"
)

// demoSSH gets into the instances of the demo, which are not there. Connections,
// tunnels and the examination are the real code over a runner that starts nothing;
// what would be said or copied over there is made up, and says so.
type demoSSH struct {
	*command.SSH
	keys string // the folder that stands in for ~/.ssh
}

// openDemoSSH makes it in a temporary folder.
func (a *app) openDemoSSH(paths store.Paths) (*demoSSH, func(), error) {
	if err := paths.MakeRuntime(); err != nil {
		return nil, nil, err
	}
	keys := filepath.Join(paths.State, "ssh")
	if err := os.MkdirAll(keys, 0o700); err != nil {
		return nil, nil, err
	}
	if err := os.WriteFile(filepath.Join(keys, "id_demo.pub"), []byte(demoKey("demo@vastdeck")), 0o600); err != nil {
		return nil, nil, err
	}
	runner := newDemoRunner()
	client, err := remote.New(remote.Options{
		Runner: runner, Dial: runner.dial, SSH: "ssh", Keygen: "ssh-keygen",
		Dir: paths.Runtime, KnownHosts: filepath.Join(paths.State, "known_hosts"), ConfigFile: filepath.Join(paths.State, "ssh_config"),
		SSHDir: keys, Scope: "demo", Getenv: a.getenv,
	})
	if err != nil {
		return nil, nil, err
	}
	d := &demoSSH{keys: keys}
	d.SSH = command.NewSSH(command.SSHOptions{Client: client, Terminal: func(c remote.Command) tea.ExecCommand {
		runner.share(c) // as ssh would have
		return a.demoTerminal(c)
	}})
	return d, func() {
		d.Close(afterProgram)
		runner.close()
	}, nil
}

// demoTerminal runs the toy in place of ssh.
func (a *app) demoTerminal(c remote.Command) tea.ExecCommand {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	cmd := exec.Command(self, append([]string{demoVerb}, c.Args...)...)
	cmd.Env = c.Env
	return a.fit(cmd)
}

// demoKey is a public key that belongs to nobody: its private half is known to all who
// read this line.
func demoKey(comment string) string {
	public := ed25519.NewKeyFromSeed([]byte("vastdeck demo, not a secret key.")).Public().(ed25519.PublicKey)
	var blob []byte
	for _, part := range [][]byte{[]byte("ssh-ed25519"), public} {
		blob = binary.BigEndian.AppendUint32(blob, uint32(len(part)))
		blob = append(blob, part...)
	}
	return "ssh-ed25519 " + base64.StdEncoding.EncodeToString(blob) + " " + comment + "\n"
}

// errDemoFiles keeps the demo away from the user's files.
var errDemoFiles = errors.New("the demo reads no key of this machine: choose the demo's own")

// ReadPublicKey reads keys of the demo alone.
func (d *demoSSH) ReadPublicKey(ctx context.Context, path string) (remote.LocalKey, error) {
	if filepath.Dir(path) != d.keys {
		return remote.LocalKey{}, errDemoFiles
	}
	return d.SSH.ReadPublicKey(ctx, path)
}

// GenerateKey makes no key: the demo has one.
func (d *demoSSH) GenerateKey(context.Context, string, string) (remote.LocalKey, error) {
	return remote.LocalKey{}, errors.New("the demo makes no keys: choose the demo's own")
}

// Exec lets the toy answer.
func (d *demoSSH) Exec(ctx context.Context, t remote.Target, line string, o remote.ExecOptions) (remote.Outcome, error) {
	begin := time.Now()
	if err := d.ready(ctx, t); err != nil {
		return remote.Outcome{}, err
	}
	if err := pauseFor(ctx, demoDelay(t)); err != nil {
		return remote.Outcome{}, err
	}
	said := demoAnswer(line, 0)
	if o.Output != nil {
		o.Output(remote.Stdout, []byte(said.text))
	}
	return remote.Outcome{Code: said.code, Bytes: int64(len(said.text)), Took: time.Since(begin)}, nil
}

// Follow gives a line a second.
func (d *demoSSH) Follow(ctx context.Context, t remote.Target, file string, o remote.ExecOptions) (remote.Outcome, error) {
	if err := d.ready(ctx, t); err != nil {
		return remote.Outcome{}, err
	}
	for step := 1; ; step++ {
		if o.Output != nil {
			o.Output(remote.Stdout, fmt.Appendf(nil, "demo: line %d of %s, made up\n", step, file))
		}
		if err := pauseFor(ctx, time.Second); err != nil {
			return remote.Outcome{}, err
		}
	}
}

// demoBytes is how much there is to copy from an instance of the demo.
const demoBytes = 48 << 20

// SizeCopy counts what lies on this machine, and makes up what lies over there.
func (d *demoSSH) SizeCopy(ctx context.Context, t remote.Target, job remote.CopyJob) (command.CopySize, error) {
	if job.Up {
		return d.SSH.SizeCopy(ctx, t, job)
	}
	if err := job.Check(); err != nil {
		return command.CopySize{}, err
	}
	return command.CopySize{Bytes: demoBytes, Files: 3}, d.ready(ctx, t)
}

// demoCopySteps is in how many steps a copy of the demo gets through.
const demoCopySteps = 20

// Copy copies nothing, and says so while it does.
func (d *demoSSH) Copy(ctx context.Context, t remote.Target, _ remote.CopyJob, size command.CopySize, tell func(remote.CopyProgress)) error {
	if err := d.ready(ctx, t); err != nil {
		return err
	}
	p := remote.CopyProgress{Tool: "demo", Total: size.Bytes, Current: "demo: nothing is copied"}
	for step := range demoCopySteps {
		if err := pauseFor(ctx, demoPause); err != nil {
			return err
		}
		p.Done = size.Bytes * int64(step+1) / demoCopySteps
		p.Rate = float64(size.Bytes) / demoCopySteps / demoPause.Seconds()
		p.Left = time.Duration(demoCopySteps-step-1) * demoPause
		tell(p)
	}
	p.Files = size.Files
	tell(p)
	return nil
}

const demoPause = 250 * time.Millisecond

// ready refuses what real ssh could not reach, and shares a connection as it would.
func (d *demoSSH) ready(ctx context.Context, t remote.Target) error {
	chosen, err := d.Choose(ctx, t, remote.Auto)
	if err != nil {
		return err
	}
	return d.OpenSession(ctx, t, chosen.Endpoint)
}

// demoDelay differs from instance to instance, so that several answers do not come at once.
func demoDelay(t remote.Target) time.Duration {
	return time.Duration(200+t.Instance%7*150) * time.Millisecond
}

// pauseFor waits, or ends with ctx.
func pauseFor(ctx context.Context, d time.Duration) error {
	pause := time.NewTimer(d)
	defer pause.Stop()
	select {
	case <-pause.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// demoNet is a port of the demo: whatever is asked, it says what it is.
func demoNet(conn net.Conn, what string) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = conn.Read(make([]byte, 4096))
	text := "demo: " + strings.TrimSpace(what) + "\n"
	_, _ = fmt.Fprintf(conn, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
}
