// Command vastsim serves the simulated Vast.ai API on a loopback address, for
// curl, for the official command line and for anything else that speaks it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"vastdeck/vastapi/vastsim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "vastsim:", err)
		}
		os.Exit(2)
	}
}

// settings is what the flags say.
type settings struct {
	addr    string
	log     bool // a line for each request that was answered
	options []vastsim.Option
	faults  []vastsim.Fault
}

// parse reads the flags.
func parse(args []string, stderr io.Writer) (settings, error) {
	s := settings{}
	fs := flag.NewFlagSet("vastsim", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&s.addr, "addr", "127.0.0.1:8787", "loopback `address` to listen on; port 0 picks a free one")
	seed := fs.Int64("seed", 1, "which world it is")
	speed := fs.Float64("speed", 1, "world seconds per real second")
	offers := fs.Int("offers", 2000, "offers on the market at the start")
	maxLimit := fs.Int("max-limit", 1000, "cap on the limit of a search; 64 imitates the clamp some users report")
	limits := fs.String("limits", "on", "documented rate limits, `on|off`")
	credit := fs.Float64("credit", 41.20, "dollars the account starts with")
	quiet := fs.Bool("quiet", false, "the market does not move")
	sshAt := fs.String("ssh", "", "`address` (IP and port) that every instance names as its ssh, to try clients with a real server")
	instances := fs.Int("instances", -1, "running instances that the account has at the start, up to 5000; a few of all kinds if not given")
	troubles := fs.Bool("troubles", false, "something is wrong with many of the instances")
	fs.BoolVar(&s.log, "log", false, "print method and path of each request that was answered")
	fs.Func("fault", "`KIND:METHOD:PATH[:DELAY]`, repeatable; KIND is a name like lost-answer, a status like 502, or a change of rows: rename=OLD>NEW, add=FIELD, drop=FIELD, words=FIELD", func(v string) error {
		f, err := vastsim.ParseFault(v)
		s.faults = append(s.faults, f)
		return err
	})
	if err := fs.Parse(args); err != nil {
		return s, err
	}
	if fs.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	if *limits != "on" && *limits != "off" {
		return s, fmt.Errorf("--limits must be on or off, not %q", *limits)
	}
	if *speed <= 0 {
		return s, fmt.Errorf("--speed must be more than 0, not %g", *speed)
	}
	s.options = []vastsim.Option{
		vastsim.WithSeed(*seed), vastsim.WithSpeed(*speed), vastsim.WithOffers(*offers), vastsim.WithMaxLimit(*maxLimit),
		vastsim.WithRateLimits(*limits == "on"), vastsim.WithCredit(*credit),
	}
	if *instances > 5000 {
		return s, fmt.Errorf("--instances must be from 0 to 5000, not %d", *instances)
	}
	if *instances >= 0 {
		s.options = append(s.options, vastsim.WithInstances(*instances))
	}
	if *troubles {
		s.options = append(s.options, vastsim.WithTroubles())
	}
	if *sshAt != "" {
		at, err := netip.ParseAddrPort(*sshAt)
		if err != nil {
			return s, fmt.Errorf("--ssh must be an IP address with a port, as 127.0.0.1:2222, not %q", *sshAt)
		}
		s.options = append(s.options, vastsim.WithSSH(at.Addr().String(), int(at.Port())))
	}
	if *quiet {
		s.options = append(s.options, vastsim.WithQuietMarket())
	}
	return s, nil
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if err := loopbackOnly(s.addr); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	world := vastsim.New(s.options...)
	defer world.Close()
	for _, f := range s.faults {
		world.Fault(f)
	}
	fmt.Fprintf(stdout, "vastsim: a simulated Vast.ai; use it with VAST_URL=http://%s VAST_API_KEY=any-key, end it with ctrl+c\n", listener.Addr())
	handler := world.Handler()
	if s.log {
		handler = logged(handler, stdout)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		_ = server.Close() // an answer that is being held back on request
	}
	return nil
}

// logged prints a line for each request once it has been answered. The query is
// left out: a client may put its key there.
func logged(next http.Handler, out io.Writer) http.Handler {
	lines := log.New(out, "", 0)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		lines.Print(r.Method, " ", r.URL.EscapedPath())
	})
}

// loopbackOnly refuses addresses that other machines could reach: anybody may
// use any key here.
func loopbackOnly(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	if ip := net.ParseIP(host); strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("--addr %s: only loopback addresses are served, such as 127.0.0.1:8787", addr)
}
