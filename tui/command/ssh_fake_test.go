package command

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// distant is a Remote in memory. What a test does not give is not asked for.
type distant struct {
	excluded             bool
	configErr, forgetErr error
	Remote

	mu       sync.Mutex
	known    []remote.Target
	forgot   []vastapi.InstanceID
	wrote    [][]remote.Target
	opened   []remote.Forward
	tunnels  []remote.Tunnel
	now, top int // how many commands run, and how many ran at once at most

	exec    func(context.Context, remote.Target, string, remote.ExecOptions) (remote.Outcome, error)
	copying func(context.Context, func(remote.CopyProgress)) error
	openErr error
	checks  []remote.Check
	keys    []remote.LocalKey
	subject remote.Subject
}

func (d *distant) Target(i vastapi.Instance) remote.Target {
	t := remote.Target{Instance: i.ID, Name: i.Label.String(), Running: i.Actual.String() == "running"}
	if !t.Running {
		t.Refused = "It is not running."
	}
	return t
}

func (d *distant) Know(list []remote.Target) { d.known = list }

func (d *distant) Choose(_ context.Context, t remote.Target, w remote.Way) (remote.Chosen, error) {
	return remote.Chosen{Endpoint: remote.Endpoint{Way: remote.Direct, Host: "192.0.2.1", Port: 22}, Why: "because"}, nil
}

func (d *distant) Tunnels() []remote.Tunnel { return d.tunnels }

func (d *distant) OpenTunnel(_ context.Context, f remote.Forward) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = append(d.opened, f)
	return d.openErr
}

func (d *distant) ForgetHostKeys(_ context.Context, ids []vastapi.InstanceID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.forgetErr != nil {
		return d.forgetErr
	}
	d.forgot = append(d.forgot, ids...)
	return nil
}

func (d *distant) KeepConfig(ctx context.Context, list []remote.Target) (bool, error) {
	if d.configErr != nil {
		return true, d.configErr
	}
	if d.excluded {
		return false, nil
	}
	_, err := d.WriteConfig(ctx, list)
	return true, err
}

func (d *distant) WriteConfig(_ context.Context, list []remote.Target) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrote = append(d.wrote, slices.Clone(list))
	return "/home/x/.ssh/config", nil
}

func (d *distant) Exec(ctx context.Context, t remote.Target, line string, o remote.ExecOptions) (remote.Outcome, error) {
	d.mu.Lock()
	d.now++
	d.top = max(d.top, d.now)
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.now--
		d.mu.Unlock()
	}()
	return d.exec(ctx, t, line, o)
}

func (d *distant) Follow(ctx context.Context, t remote.Target, file string, o remote.ExecOptions) (remote.Outcome, error) {
	return d.Exec(ctx, t, "follow "+file, o)
}

func (d *distant) Copy(ctx context.Context, _ remote.Target, _ remote.CopyJob, _ CopySize, tell func(remote.CopyProgress)) error {
	return d.copying(ctx, tell)
}

func (d *distant) LocalKeys(context.Context) ([]remote.LocalKey, error) { return d.keys, nil }

func (d *distant) Examine(_ context.Context, s remote.Subject, tell func(remote.Check)) []remote.Check {
	d.subject = s
	for _, c := range d.checks {
		tell(c)
	}
	return d.checks
}

// far is a Set with that Remote.
func far(t *testing.T, r Remote) *Set {
	t.Helper()
	return New(t.Context(), Config{Journal: &journal{}, Remote: r})
}

func instanceNamed(id vastapi.InstanceID, name string) vastapi.Instance {
	i := running(id)
	i.Label = safetext.New(name)
	return i
}

// drive runs a command as the program does, each part of a batch in a goroutine of its
// own, and whatever follows from News, and gives the messages in the order in which
// they came. It returns when nothing is left to wait for.
func drive(c tea.Cmd) []tea.Msg {
	var mu sync.Mutex
	var all []tea.Msg
	var under sync.WaitGroup
	var run func(tea.Cmd)
	run = func(c tea.Cmd) {
		if c == nil {
			return
		}
		under.Go(func() {
			switch m := c().(type) {
			case nil:
			case tea.BatchMsg:
				for _, one := range m {
					run(one)
				}
			default:
				mu.Lock()
				all = append(all, m)
				mu.Unlock()
				if n, ok := m.(News); ok {
					run(n.Next())
				}
			}
		})
	}
	run(c)
	under.Wait()
	return all
}

// of are the messages of one type.
func of[T any](all []tea.Msg) []T {
	var some []T
	for _, m := range all {
		if one, ok := m.(T); ok {
			some = append(some, one)
		}
	}
	return some
}

func snapshotOf(list ...vastapi.Instance) *feed.Snapshot {
	d := &feed.Snapshot{}
	d.Instances.Apply(vastapi.InstancePage{Instances: list, Total: len(list)}, time.Now(), nil)
	return d
}

var errBroken = errors.New("it broke")
