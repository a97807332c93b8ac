package remote

import (
	"cmp"
	"context"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"vastdeck/vastapi"
)

// The time limits of what is asked of ssh.
const (
	checkLimit = 5 * time.Second  // it takes milliseconds, but on a busy machine ssh alone needs seconds to start
	openLimit  = 25 * time.Second // ssh gives up connecting after 10 s, logging in takes its time
)

// atOnce is how many connections are asked at a time whether they are up.
const atOnce = 8

var masterRunning = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`Master running \(pid=([0-9]{1,10})\)`) })

// Check asks the shared connection of an instance whether it is up. The error is a
// Failure; FailNoMaster says that there is none.
func (c *Client) Check(ctx context.Context, id vastapi.InstanceID) (Session, error) {
	if _, err := c.ownDir(); err != nil {
		return Session{}, noMaster("")
	}
	info, err := os.Lstat(c.socket(id))
	if err != nil || !CanShare {
		return Session{}, noMaster("")
	}
	r, err := c.Output(ctx, c.CheckCommand(id), checkLimit)
	if err != nil {
		return Session{}, err
	}
	said := masterRunning().FindStringSubmatch(r.Err + r.Out)
	if r.Code != 0 || said == nil {
		return Session{}, noMaster(lastLine(r.Err))
	}
	pid, _ := strconv.Atoi(said[1])
	at, held := c.noted(id)
	return Session{Instance: id, Endpoint: at, Since: info.ModTime(), PID: pid, Held: held}, nil
}

func noMaster(detail string) *Failure {
	f := failureOfKind(FailNoMaster, nil)
	f.Detail = detail
	return f
}

// Sessions lists the shared connections of this scope that are up, by instance, also
// those of earlier runs. Looking at a connection counts as its use: while it is listed
// now and then it does not end for being idle.
func (c *Client) Sessions(ctx context.Context) ([]Session, error) {
	all, err := c.sockets()
	if err != nil {
		return nil, err
	}
	up := make([]Session, len(all))
	turns := make(chan struct{}, atOnce)
	var asked sync.WaitGroup
	for i, f := range all {
		turns <- struct{}{}
		asked.Go(func() {
			defer func() { <-turns }()
			up[i], _ = c.Check(ctx, f.id)
		})
	}
	asked.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	up = slices.DeleteFunc(up, func(s Session) bool { return s.Instance == 0 })
	slices.SortFunc(up, func(a, b Session) int { return cmp.Compare(a.Instance, b.Instance) })
	return up, nil
}

// Open makes sure that the shared connection of an instance is up and returns it: the
// one that is there, or a new one by e in the background. It is believed when the
// connection itself says that it is up. hold keeps it until it is closed, else it ends
// 10 minutes after its last use; one that is up already stays as it was opened, which
// Session.Held tells. The error is a Failure.
func (c *Client) Open(ctx context.Context, id vastapi.InstanceID, e Endpoint, hold bool) (Session, error) {
	s, _, err := c.open(ctx, id, e, master{hold: hold})
	return s, err
}

// master says how a shared connection is to be.
type master struct {
	hold    bool // until it is closed
	watched bool // a server that is silent for 15 s ends it, else for a minute
}

// open is Open; fresh says that the connection is a new one.
func (c *Client) open(ctx context.Context, id vastapi.InstanceID, e Endpoint, m master) (s Session, fresh bool, err error) {
	if !CanShare {
		return Session{}, false, &Failure{Kind: FailNoMaster, Sentence: "The ssh of this system cannot share connections."}
	}
	cmd, err := c.masterCommand(id, e, m)
	if err != nil {
		return Session{}, false, &Failure{Kind: FailNoWay, Sentence: refusedBad, cause: err}
	}
	if err := c.Prepare(); err != nil {
		return Session{}, false, err
	}
	if s, err := c.Check(ctx, id); err == nil {
		return s, false, nil
	}
	done, err := c.turn(ctx, id)
	if err != nil {
		return Session{}, false, err
	}
	defer done()
	if s, err = c.Check(ctx, id); err == nil {
		return s, false, nil
	}
	if f := FailureOf(err); f == nil || f.Kind != FailNoMaster {
		return Session{}, false, err
	}
	s, err = c.start(ctx, id, e, m, cmd)
	return s, err == nil, err
}

// noMultiplexing is how ssh says that somebody else got the control socket first: the
// connection that it has made then is one that nobody can find.
const noMultiplexing = "disabling multiplexing"

// start opens the connection. It is the turn of whoever calls it, and the socket that
// lies there was just asked in vain.
func (c *Client) start(ctx context.Context, id vastapi.InstanceID, e Endpoint, m master, cmd Command) (Session, error) {
	c.forget(id)
	r, err := c.Output(ctx, cmd, openLimit)
	if err != nil {
		return Session{}, err
	}
	if f := Explain(r.Code, r.Err); f != nil {
		return Session{}, c.whyDenied(ctx, f)
	}
	if strings.Contains(r.Err, noMultiplexing) {
		s, err := c.Check(ctx, id)
		c.endStrays(ctx, id, s.PID)
		return s, err
	}
	if err := c.note(id, e, m.hold); err != nil {
		return Session{}, err
	}
	return c.Check(ctx, id)
}

// Close ends the shared connection of an instance and every session and tunnel that
// goes through it. One that has died has its socket removed; none at all is no error.
func (c *Client) Close(ctx context.Context, id vastapi.InstanceID) error {
	if _, err := os.Lstat(c.socket(id)); err != nil {
		c.forgetDead(ctx, id)
		return nil
	}
	r, err := c.Output(ctx, c.ExitCommand(id), checkLimit)
	if err != nil {
		return err
	}
	if r.Code != 0 {
		if _, err := c.Check(ctx, id); err == nil {
			return &Failure{Kind: FailUnknown, Sentence: "The connection does not end.", Next: "Close what goes over it, and try again.", Detail: lastLine(r.Err)}
		}
	}
	c.forgetDead(ctx, id)
	return nil
}

// forgetDead removes what a connection has left behind, unless somebody opens a new one
// just now, or has done so since the old one ended: that one's socket has the same name.
func (c *Client) forgetDead(ctx context.Context, id vastapi.InstanceID) {
	done, err := tryLock(c.turnFile(id))
	if err != nil {
		return
	}
	defer done()
	if _, err := c.Check(ctx, id); err != nil {
		if f := FailureOf(err); f != nil && f.Kind == FailNoMaster {
			c.forget(id)
		}
	}
}
