package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"vastdeck/store"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// What the verbs share: flags, an account with its key, errors that know their exit
// code, and the end by a signal.

// verbFlags are the flags that most verbs have.
type verbFlags struct {
	json     bool
	plan     bool
	provider string
}

// addJSON adds --json.
func (f *verbFlags) addJSON(c *cobra.Command) {
	c.Flags().BoolVar(&f.json, "json", false, "print data as JSON")
}

// addPlan adds --plan and its other name, with what it prints.
func (f *verbFlags) addPlan(c *cobra.Command, prints string) {
	c.Flags().BoolVar(&f.plan, "plan", false, prints)
	c.Flags().BoolVar(&f.plan, "dry-run", false, "the same as --plan")
	alias(c, "dry-run", "dry_run")
}

// addNoPlan adds --plan and --yes to a verb that changes nothing, for scripts that give
// them to each.
func (f *verbFlags) addNoPlan(c *cobra.Command) {
	f.addPlan(c, "print, as data, that there is nothing to plan: this verb only reads")
	addNoYes(c)
}

// addNoYes adds --yes to a verb that asks nothing.
func addNoYes(c *cobra.Command) {
	c.Flags().BoolP("yes", "y", false, "taken as by the verbs that ask; this one asks nothing")
}

// addProvider adds --provider, for lines written for tools that know several.
func (f *verbFlags) addProvider(c *cobra.Command) {
	c.Flags().StringVar(&f.provider, "provider", onlyProvider, "the `NAME` of the provider; there is one")
	_ = c.RegisterFlagCompletionFunc("provider", cobra.FixedCompletions([]string{onlyProvider}, cobra.ShellCompDirectiveNoFileComp))
}

// onlyProvider is the one provider that --provider may name.
const onlyProvider = "vast"

// check refuses every provider but the only one.
func (f *verbFlags) check() error {
	if f != nil && f.provider != "" && f.provider != onlyProvider {
		return usagef("the only provider is %s, not %s: leave --provider out", onlyProvider, safetext.Quote(f.provider, 40))
	}
	return nil
}

// noZero refuses a 0 that was written for one of some flags of c, whose 0 otherwise means
// that it was not given: a script whose variable is 0 would then do something else.
func noZero(c *cobra.Command, names ...string) error {
	for _, name := range names {
		if f := c.Flag(name); f != nil && f.Changed && f.Value.String() == "0" {
			return usagef("--%s must be above 0: leave it out when it is not meant", name)
		}
	}
	return nil
}

// usagef is an error about how the program was called.
func usagef(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Sprintf(format, args...)}
}

// failedf is an error about something that was tried and did not work.
func failedf(format string, args ...any) error {
	return &exitError{exitFailed, fmt.Sprintf(format, args...)}
}

// noLoginf is an error about a key that is missing or does not do.
func noLoginf(format string, args ...any) error {
	return &exitError{exitNoLogin, fmt.Sprintf(format, args...)}
}

// refusedf is an error about something that was not even tried.
func refusedf(format string, args ...any) error {
	return &exitError{exitRefused, fmt.Sprintf(format, args...)}
}

// unknownf is an error about a request of which nobody knows what came of it.
func unknownf(format string, args ...any) error {
	return &exitError{exitUnknown, fmt.Sprintf(format, args...)}
}

// account is the account that a verb is about: that of the key which was found, or
// the one of a simulated world that lasts as long as the verb.
type account struct {
	*session
	api    *vastapi.Client
	key    store.Key // of the real account
	source string    // where the key came from
	demo   bool
	dir    string // the profile's folder: state.json, history.db

	opening func() (*archive, error)
}

// journal opens the journal of this process, once. Other processes have their own, so
// that the full-screen program may run meanwhile.
func (k *account) journal() (*archive, error) { return k.opening() }

// id is what the journal calls the account (rental.Deps.Account). It reads the account.
func (k *account) id(ctx context.Context) (string, error) {
	user, err := k.api.User(ctx)
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(user.ID, 10), nil
}

// policy holds the durations of carrying out a plan.
func (a *app) policy() rental.Policy {
	if a.pace.policy != nil {
		return *a.pace.policy
	}
	return rental.DefaultPolicy()
}

// intervals are those of the client.
func (a *app) intervals() vastapi.Intervals {
	if a.pace.intervals != nil {
		return *a.pace.intervals
	}
	return vastapi.DefaultIntervals()
}

// pace is how long things are waited for; the zero pace is that of the product.
type pace struct {
	intervals *vastapi.Intervals
	policy    *rental.Policy
	logs      time.Duration
	// Limits of what is then gone on without: see settleEarlier and known.
	settling, completing time.Duration
}

// onAccount carries out a verb: it checks the flags, which may be nil, finds the key, opens the client and runs do, whose
// context ends with a signal. How do ended is said and becomes the exit code; an error
// that has no code of its own means that something failed. The result is for RunE.
func (a *app) onAccount(c *cobra.Command, f *verbFlags, do func(context.Context, *account) error) error {
	return a.done(a.tillSignal(c.Context(), func(ctx context.Context) error {
		if err := f.check(); err != nil {
			return err
		}
		k, err := a.account(ctx)
		if err != nil {
			return err
		}
		defer k.close()
		return coded(do(ctx, k))
	}))
}

// reading is onAccount for a verb that changes nothing: with --plan it only says so, and
// nobody is asked anything.
func (a *app) reading(c *cobra.Command, f *verbFlags, do func(context.Context, *account) error) error {
	if !f.plan {
		return a.onAccount(c, f, do)
	}
	return a.done(a.noPlan(c, f))
}

// noPlan prints that a verb has nothing to plan.
func (a *app) noPlan(c *cobra.Command, f *verbFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	return coded(printJSON(a.stdout, onlyReads(c.Name())))
}

// account opens the account that the flags name.
func (a *app) account(ctx context.Context) (*account, error) {
	switch {
	case a.opt.demo:
		return a.demoAccount()
	case a.taping.plays():
		return a.replayAccount()
	}
	a.envKey = takeKey()
	s, err := a.session()
	if err != nil {
		return nil, err
	}
	k, err := s.account(ctx)
	if err != nil {
		s.close()
		return nil, err
	}
	return k, nil
}

// account is the account that the key of the session opens. The key is not tried here.
func (s *session) account(ctx context.Context) (*account, error) {
	key, source, err := s.find(ctx, true)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, noLoginf("%s `vastdeck login` keeps a key.", ended(err.Error()))
	}
	api, err := s.client(key)
	if err != nil {
		return nil, failedf("%s", err)
	}
	dir, err := s.paths.Profile(s.opt.profile)
	if err != nil {
		return nil, err
	}
	k := &account{session: s, api: api, key: key, source: string(source), dir: dir}
	k.keepJournal(s.paths.JournalDir(s.opt.profile))
	return k, nil
}

// keepJournal has the journal opened when it is asked for, and closed with the session.
func (k *account) keepJournal(dir string) {
	k.opening = sync.OnceValues(func() (*archive, error) {
		journal, err := openArchive(dir)
		if err != nil {
			return nil, failedf("%s", ended(err.Error())+" Without a journal nothing can be changed safely.")
		}
		before := k.close
		k.session.close = func() {
			_ = journal.Close()
			before()
		}
		return journal, nil
	})
}

// coded gives an error that has no exit code of its own the one for what failed.
func coded(err error) error {
	var known *exitError
	var api *vastapi.Error
	var killed *signalled
	switch {
	case err == nil, errors.As(err, &known), errors.As(err, &api), errors.As(err, &killed), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, rental.ErrMoved), errors.Is(err, rental.ErrBudget), errors.Is(err, rental.ErrUsed), errors.Is(err, rental.ErrOther):
		return refusedf("%s", err)
	}
	return failedf("%s", err)
}

// signalled ends the program because a signal has asked for it.
type signalled struct{ sig os.Signal }

// Error says so.
func (e *signalled) Error() string { return "interrupted" }

// Is makes it an end that was asked for, like any other: what was under way is then not
// taken for something that has failed.
func (e *signalled) Is(target error) bool { return target == context.Canceled }

// code is the exit code that shells give to a process that the signal has ended.
func (e *signalled) code() int { return 128 + signalNumber(e.sig) }

// tillSignal runs do with a context that the first signal to end cancels. A second one
// ends the process at once. An error of do that only says it was cancelled becomes the
// signal.
func (a *app) tillSignal(parent context.Context, do func(context.Context) error) error {
	if parent == nil {
		parent = context.Background()
	}
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, verbSignals...)
	defer signal.Stop(asked)
	go func() {
		select {
		case sig := <-asked:
			signal.Stop(asked)
			cancel(&signalled{sig})
		case <-ctx.Done():
		}
	}()
	err := do(ctx)
	var killed *signalled
	if cancelled(err) && errors.As(context.Cause(ctx), &killed) {
		return killed
	}
	return err
}

// verbSignals end a verb. SIGQUIT is left alone: it ends the process at once.
var verbSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

// cancelled reports whether an error only says that nobody wants to know any more.
func cancelled(err error) bool {
	return errors.Is(err, context.Canceled) || vastapi.KindOf(err) == vastapi.KindCancelled
}

// sayUnread tells that rows of an answer could not be decoded.
func (a *app) sayUnread(n int) {
	switch {
	case n == 1:
		fmt.Fprintln(a.stderr, "vastdeck: one row of the answer could not be read and is missing here.")
	case n > 1:
		fmt.Fprintf(a.stderr, "vastdeck: %d rows of the answer could not be read and are missing here.\n", n)
	}
}

// asks reports whether somebody can be asked: there is a terminal to read from and one
// to ask on.
func (a *app) asks() bool { return term.IsTerminal(a.stdin.Fd()) && term.IsTerminal(a.stderr.Fd()) }

// onTerminal reports whether what a verb prints is read by people on a terminal.
func (a *app) onTerminal() bool { return term.IsTerminal(a.stdout.Fd()) }
