package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// PortInUse says that a port of this machine is taken.
type PortInUse struct {
	Bind string
	Port int
	Free int // one near it that is not, 0 = none was found
}

// Error is a sentence with the next step.
func (p *PortInUse) Error() string {
	s := fmt.Sprintf("Port %d on this machine is in use.", p.Port)
	if p.Free > 0 {
		s += fmt.Sprintf(" Port %d is free.", p.Free)
	}
	return s
}

// forwardHost is what a forward may lead to as the instance sees it: a container's name
// may have capitals and underscores, but nothing that ssh's own notation uses.
var forwardHost = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,252}$`) })

// lowPorts are those that only root may open.
const lowPorts = 1024

// WithDefaults fills in what is empty: this machine's loopback address, and localhost
// as the instance sees it.
func (f Forward) WithDefaults() Forward {
	if f.Bind == "" {
		f.Bind = "127.0.0.1"
	}
	if f.Host == "" {
		f.Host = "localhost"
	}
	return f
}

// Check reports in a sentence what is wrong with a forward before ssh is asked.
func (f Forward) Check() error {
	f = f.WithDefaults()
	bind, err := netip.ParseAddr(f.Bind)
	switch {
	case err != nil || bind.Zone() != "":
		return errors.New("the address on this machine is not an IP address: 127.0.0.1 is this machine alone, 0.0.0.0 the whole network")
	case f.Local < 1 || f.Local > maxPort:
		return fmt.Errorf("the port on this machine is not between 1 and %d", maxPort)
	case f.Remote < 1 || f.Remote > maxPort:
		return fmt.Errorf("the port of the instance is not between 1 and %d", maxPort)
	case !isForwardHost(f.Host):
		return errors.New("the host is neither a plain name nor an IP address")
	}
	return nil
}

func isForwardHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Zone() == "" || forwardHost().MatchString(host)
}

// Open reports whether others on the network can use the forward too.
func (f Forward) Open() bool {
	ip, err := netip.ParseAddr(f.WithDefaults().Bind)
	return err == nil && !ip.Unmap().IsLoopback()
}

// Address is the end on this machine as a dialer takes it.
func (f Forward) Address() string {
	f = f.WithDefaults()
	bind := f.Bind
	if ip, err := netip.ParseAddr(bind); err == nil && ip.IsUnspecified() {
		bind = map[bool]string{true: "127.0.0.1", false: "::1"}[ip.Is4()]
	}
	return net.JoinHostPort(bind, strconv.Itoa(f.Local))
}

// The time a new forward has until its port accepts a connection.
const (
	forwardLimit = 10 * time.Second
	forwardPause = 50 * time.Millisecond
)

// Forward asks the shared connection of an instance, which must be up, for a forwarded
// port. It is believed when the port on this machine accepts a connection: ssh says
// that it succeeded in more cases than it has. The error is a *PortInUse or a Failure.
func (c *Client) Forward(ctx context.Context, f Forward) error {
	f = f.WithDefaults()
	cmd, err := c.ForwardCommand(f)
	if err != nil {
		return &Failure{Kind: FailPort, Sentence: "The forward cannot be made: " + err.Error() + ".", cause: err}
	}
	if err := c.portFree(f); err != nil {
		return err
	}
	r, err := c.Output(ctx, cmd, forwardLimit)
	if err != nil {
		return err
	}
	if failure := Explain(r.Code, r.Err); failure != nil {
		return c.forwardFailed(f, failure)
	}
	if r.Code != 0 {
		return &Failure{Kind: FailForward, Sentence: "The port is not forwarded.", Detail: lastLine(r.Err)}
	}
	return c.accepts(ctx, f)
}

func (c *Client) forwardFailed(f Forward, failure *Failure) error {
	if failure.Kind == FailPort && f.Local >= lowPorts {
		return &PortInUse{Bind: f.Bind, Port: f.Local, Free: c.freePort(f.Bind, f.Local)}
	}
	return failure
}

// accepts waits until the port on this machine takes a connection.
func (c *Client) accepts(ctx context.Context, f Forward) error {
	limited, cancel := context.WithTimeout(ctx, forwardLimit)
	defer cancel()
	for {
		conn, err := c.o.Dial(limited, "tcp", f.Address())
		if err == nil {
			return conn.Close()
		}
		select {
		case <-time.After(forwardPause):
		case <-limited.Done():
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return &Failure{Kind: FailForward, Sentence: "ssh says that the port is forwarded, but it takes no connection.",
				Next: "Close the connection and open it again.", cause: err}
		}
	}
}

// Cancel takes a forwarded port away. One whose connection has ended is gone with it.
func (c *Client) Cancel(ctx context.Context, f Forward) error {
	cmd, err := c.CancelCommand(f)
	if err != nil {
		return &Failure{Kind: FailPort, Sentence: "The forward cannot be taken away: " + err.Error() + ".", cause: err}
	}
	r, err := c.Output(ctx, cmd, checkLimit)
	if err != nil {
		return err
	}
	if r.Code == 0 {
		return nil
	}
	if _, err := c.Check(ctx, f.Instance); err != nil {
		return nil
	}
	return &Failure{Kind: FailForward, Sentence: "ssh does not take the forward away.", Next: "Close the connection.", Detail: lastLine(r.Err)}
}

// portFree tries to listen where ssh is to listen: ssh itself would only say that it
// could not.
func (c *Client) portFree(f Forward) error {
	err := c.listen(f.Bind, f.Local)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EACCES):
		return &Failure{Kind: FailPort, Sentence: fmt.Sprintf("Port %d on this machine is for the system.", f.Local),
			Next: fmt.Sprintf("Choose one from %d on.", lowPorts), cause: err}
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return &Failure{Kind: FailPort, Sentence: "The address " + f.Bind + " is not one of this machine.", Next: "Use 127.0.0.1.", cause: err}
	}
	return &PortInUse{Bind: f.Bind, Port: f.Local, Free: c.freePort(f.Bind, f.Local)}
}

// FreePort is a port of this machine's loopback address that nobody listens at, the
// first from near on; 0 when there is none.
func FreePort(near int) int {
	c := Client{o: Options{Listen: net.Listen}}
	return c.FreePort("", near)
}

// FreePort is a port of an address of this machine that nobody listens at, the first
// from near on; 0 when there is none. "" is the loopback address.
func (c *Client) FreePort(bind string, near int) int {
	return c.freePort(Forward{Bind: bind}.WithDefaults().Bind, near)
}

// maxSearch bounds the search for a free port.
const maxSearch = 200

func (c *Client) freePort(bind string, near int) int {
	near = max(near, lowPorts)
	for port := near; port <= min(near+maxSearch, maxPort); port++ {
		if c.listen(bind, port) == nil {
			return port
		}
	}
	return 0
}

// listen opens and closes a listener.
func (c *Client) listen(bind string, port int) error {
	l, err := c.o.Listen("tcp", net.JoinHostPort(bind, strconv.Itoa(port)))
	if err != nil {
		return err
	}
	return l.Close()
}
