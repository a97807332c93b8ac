package command

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
)

// Examined tells one step of an examination.
type Examined struct {
	Instance vastapi.InstanceID
	Check    remote.Check
	next     tea.Cmd
}

// Next waits for the one after it.
func (m Examined) Next() tea.Cmd { return m.next }

// ExamineEnded tells that an examination is over.
type ExamineEnded struct {
	Answer
	Instance vastapi.InstanceID
	Checks   []remote.Check // as they ended
}

// ExamineTopic is the topic of Examine, for Loads.GiveUp.
func ExamineTopic(id vastapi.InstanceID) Topic { return sshTopic("examine", id) }

// Examine finds out why ssh to an instance does not work: Examined comes for each
// step as it ends, ExamineEnded at the end. d lends what is known of its state and
// of keys; when no key is let in, those of this machine, of the account and of the
// instance are read anew.
func (l Loads) Examine(i vastapi.Instance, d *feed.Snapshot) tea.Cmd {
	steps := make(chan remote.Check, 64)
	keys, account := d.Remote.Keys, d.SSHKeys
	var api API
	if !l.closed() {
		api = l.s.api
	}
	run := overSSH(l, ExamineTopic(i.ID), func(ctx context.Context, r Remote) ([]remote.Check, error) {
		who := subject(r, i, keys, account)
		who.Recall = func(ctx context.Context, s *remote.Subject) { recallKeys(ctx, r, api, s) }
		checks := r.Examine(ctx, who, func(c remote.Check) {
			select {
			case steps <- c:
			default: // the end tells all
			}
		})
		return checks, ctx.Err()
	}, func(a Answer, list []remote.Check) tea.Msg {
		close(steps)
		return ExamineEnded{a, i.ID, list}
	})
	return tea.Batch(run, examineNews(i.ID, steps))
}

// subject is what is known of an instance before its connection is examined.
func subject(r Remote, i vastapi.Instance, keys []remote.LocalKey, account feed.Feed[[]vastapi.SSHKey]) remote.Subject {
	state := rental.Display(i)
	s := remote.Subject{
		Target: r.Target(i), Status: strings.TrimSuffix(state.Word+": "+state.Why, ": "),
		Coming: state.Class == rental.ClassMoving, Keys: keys,
	}
	if account.Told() {
		s.Account = fingerprints(account.Value)
	}
	return s
}

// recallLimit is how long the reading of keys may hold up an examination.
const recallLimit = 10 * time.Second

// recallKeys reads which keys there are on this machine, in the account and in the
// instance. What cannot be read stays as it is known.
func recallKeys(ctx context.Context, r Remote, api API, s *remote.Subject) {
	ctx, cancel := context.WithTimeout(ctx, recallLimit)
	defer cancel()
	if keys, err := r.LocalKeys(ctx); err == nil {
		s.Keys = keys
	}
	if api == nil {
		return
	}
	if keys, err := api.InstanceSSHKeys(ctx, s.Target.Instance); err == nil {
		s.Attached = fingerprints(keys)
	}
	if keys, err := api.SSHKeys(ctx); err == nil {
		s.Account = fingerprints(keys)
	}
}

// fingerprints are those of keys that can be read; the list is not nil.
func fingerprints(keys []vastapi.SSHKey) []string {
	list := []string{}
	for _, k := range keys {
		if print := feed.Fingerprint(k); print != "" {
			list = append(list, print)
		}
	}
	return list
}

func examineNews(id vastapi.InstanceID, steps <-chan remote.Check) tea.Cmd {
	return func() tea.Msg {
		c, ok := <-steps
		if !ok {
			return nil
		}
		return Examined{id, c, examineNews(id, steps)}
	}
}

// HostKeyForgotten answers ForgetHostKey.
type HostKeyForgotten struct {
	Answer
	Instance vastapi.InstanceID
}

// ForgetHostKey drops the pinned host key of an instance; the next connection pins
// the one that is shown then.
func (l Loads) ForgetHostKey(id vastapi.InstanceID) tea.Cmd {
	return overSSH(l, sshTopic("forget", id), func(ctx context.Context, r Remote) (doneOf, error) {
		return doneOf{}, r.ForgetHostKeys(ctx, []vastapi.InstanceID{id})
	}, func(a Answer, _ doneOf) tea.Msg { return HostKeyForgotten{a, id} })
}
