package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// How a verb changes something: it works out plans, asks for consent to each, has them
// carried out, and says what came of them.

// changeFlags are the flags of the verbs that change something.
type changeFlags struct {
	verbFlags
	yes     bool
	overCap string
}

// add adds them to c.
func (f *changeFlags) add(c *cobra.Command) {
	l := c.Flags()
	f.addPlan(c, "print what would be done and what it would cost, as data; nothing is changed")
	l.BoolVarP(&f.yes, "yes", "y", false, "agree without being asked; needed where there is no terminal")
	l.StringVar(&f.overCap, "over-cap", "", "with --yes: the `FIGURES` that are above a cap, as the refusal names them")
	f.addJSON(c)
	f.addProvider(c)
	alias(c, "over-cap", "over_cap")
}

// alias has a flag understood under other names too, which no help shows: those that
// lines written for other tools have.
func alias(c *cobra.Command, name string, others ...string) {
	f := c.Flags().Lookup(name)
	for _, other := range others {
		also := c.Flags().VarPF(f.Value, other, "", f.Usage)
		also.NoOptDefVal, also.Hidden = f.NoOptDefVal, true
	}
}

// errand is one verb that changes something, with what the account is like now.
type errand struct {
	*account
	flags  changeFlags
	owner  string // rental.Deps.Account
	desk   rental.Desk
	file   *archive
	veiled bool // the start script comes from a file, and --plan does not print it
	// holders are instances that are destroyed and hold a volume that is deleted after them.
	holders []vastapi.InstanceID
	back    []rental.Report // of the plans that were carried out
}

// change carries out a verb that changes something. plans works out what is to be done
// from the account as it was just read; then prints what came of it, nil = a line a step.
func (a *app) change(c *cobra.Command, f *changeFlags, plans func(context.Context, *errand) ([]rental.Plan, error), then func(context.Context, *errand) (any, error)) error {
	if err := f.check(); err != nil {
		return a.done(err)
	}
	if !f.plan && !f.yes && !a.asks() {
		return a.done(errNobodyAsked)
	}
	return a.onAccount(c, &f.verbFlags, func(ctx context.Context, k *account) error {
		switch {
		case f.plan:
		case k.taping.plays():
			return errPlayed
		case k.opt.readOnly:
			return errReadOnly
		}
		e, err := k.errand(ctx, *f)
		if err != nil {
			return unsent(ctx, err)
		}
		list, err := plans(ctx, e)
		if err != nil {
			return unsent(ctx, planError(c, err))
		}
		if f.plan {
			k.printed = true
			if e.veiled {
				list = withoutScripts(list)
			}
			return printJSON(k.stdout, plansOf(list))
		}
		return e.carryOut(ctx, list, then)
	})
}

var (
	errNobodyAsked = refusedf("there is no terminal to ask on, so nothing was sent. --yes agrees beforehand; --plan shows what would be done.")
	errPlayed      = refusedf("this is played from a file (--replay) and so read-only: there is no account to change, and nothing was sent.")
	errReadOnly    = refusedf("this is read-only (--read-only, VASTDECK_READ_ONLY or read_only in config.toml), so nothing was sent. --plan shows what would be done.")
)

// planError is why there is no plan: a value that was given is wrong, or it cannot be
// done as things are.
func planError(c *cobra.Command, err error) error {
	var field rental.FieldError
	var api *vastapi.Error
	var known *exitError
	switch {
	case errors.As(err, &field):
		name := flagOf(field.Field)
		if name == "volume" && c.Flags().Lookup(name) == nil {
			name = "name" // of a volume that is made
		}
		if c.Flags().Lookup(name) != nil {
			return usagef("--%s: %s", name, ended(field.Text))
		}
		return usagef("%s", ended(field.Error()))
	case errors.As(err, &api), errors.As(err, &known), cancelled(err):
		return err
	}
	return failedf("%s", ended(err.Error()))
}

// flagOf is the flag that a field of a plan comes from.
func flagOf(field string) string {
	switch field {
	case "bid":
		return "price"
	case "ceiling":
		return "max-price"
	case "launch":
		return "args"
	case "login":
		return "registry-user"
	}
	return field
}

// errand reads what plans are worked out from.
func (k *account) errand(ctx context.Context, f changeFlags) (*errand, error) {
	file, err := k.journal()
	if err != nil {
		return nil, err
	}
	e := &errand{account: k, flags: f, file: file}
	user, err := k.api.User(ctx)
	if err != nil {
		return nil, err
	}
	e.owner = strconv.FormatInt(user.ID, 10)
	e.desk.Credit = user.Spendable()
	if err := e.settleEarlier(ctx); err != nil {
		return nil, err
	}
	return e, e.read(ctx)
}

// settling is how long a verb looks for what an earlier run left open, in units of the
// policy's pace. What is not known then stays open and counts against the caps.
const settling = 15

// settleEarlier finds out by reading what processes that have ended left open.
func (e *errand) settleEarlier(ctx context.Context) error {
	ops, err := rental.Open(e.file)
	if err != nil {
		return failedf("reading the journal: %s", err)
	}
	if len(ops.OpenFor(e.owner)) == 0 {
		return nil
	}
	fmt.Fprintln(e.stderr, "vastdeck: an earlier change has no answer yet; reading the account to find out what became of it.")
	adopted := e.file.Adopt()
	limit, cancel := context.WithTimeout(ctx, cmp.Or(e.pace.settling, settling*e.policy().Pace))
	defer cancel()
	deps := rental.Deps{API: e.api, Read: e.api, Journal: e.file, Policy: e.policy(), Account: e.owner}
	found, _ := rental.Recover(limit, deps, nil) // what could not be read stays open
	for _, one := range found {
		text := fmt.Sprintf("%s %s: %s", one.Op.Verb, one.Op.Subject, one.State)
		if one.Why != "" {
			text += ", " + one.Why
		}
		fmt.Fprintln(e.stderr, "vastdeck: "+ended(text))
	}
	if err := errors.Join(adopted, e.file.Tidy()); err != nil {
		e.log.Error("tidying the journal", "err", err)
	}
	return ctx.Err()
}

// read reads the account, as it is now, into the desk.
func (e *errand) read(ctx context.Context) error {
	at := time.Now()
	instances, err := e.api.Instances(ctx)
	if err != nil {
		return err
	}
	volumes, err := e.api.Volumes(ctx)
	if err != nil {
		return err
	}
	e.sayUnread(instances.Bad + volumes.Bad)
	ops, err := rental.Open(e.file)
	if err != nil {
		return failedf("reading the journal: %s", err)
	}
	memory, _ := openMemory(e.dir).Load()
	d := &e.desk
	d.Now, d.At = time.Now(), at
	d.Caps = shared(e.settings).Caps
	d.Instances, d.Volumes = instances.Instances, volumes.Volumes
	e.noteKnown(d.Instances, d.Volumes)
	d.Burn = pricing.Account(d.Instances, d.Volumes)
	d.OpenRate = ops.ReservedFor(e.owner, d.Instances)
	d.Hosts = feed.Hosts{Memory: memory, Now: d.Now}
	d.Budget, err = e.budget(ctx, d.Burn.AtLeast)
	return err
}

// budget is how the budget of config.toml stands; without one nothing is read.
func (e *errand) budget(ctx context.Context, burn vastapi.Rate) (rental.Budget, error) {
	limit := e.settings.Budget
	if limit.Day <= 0 && limit.Month <= 0 {
		return rental.Budget{}, nil
	}
	now := time.Now()
	s := feed.Spent{DayOf: feed.DayOf(now), Since: feed.MonthOf(now)}
	var err error
	if s.Day, err = e.charged(ctx, s.DayOf, now); err != nil {
		return rental.Budget{}, err
	}
	if s.Month, err = e.charged(ctx, s.Since, now); err != nil {
		return rental.Budget{}, err
	}
	day, month := s.Counted(now, now, burn)
	return rental.Budget{
		Day:   pricing.Allowance{Limit: vastapi.Amount(limit.Day), Spent: day},
		Month: pricing.Allowance{Limit: vastapi.Amount(limit.Month), Spent: month},
		Block: limit.Block,
	}, nil
}

// charged is what was charged between two moments, unknown when it is too much to list.
func (e *errand) charged(ctx context.Context, from, to time.Time) (vastapi.Amount, error) {
	list, cut, err := e.api.Charges(ctx, from, to)
	if cut {
		return vastapi.Unknown[vastapi.Amount](), err
	}
	var sum vastapi.Amount
	for _, c := range list {
		sum += c.Amount
	}
	return sum, err
}

// carryOut asks about all plans, and when each is agreed to carries them out, in their
// order. The first that does not end as it should ends the verb.
func (e *errand) carryOut(ctx context.Context, list []rental.Plan, then func(context.Context, *errand) (any, error)) error {
	// Nobody may end it by not reading what it says: what is under way is brought to its end.
	signal.Ignore(syscall.SIGPIPE)
	for _, p := range list {
		if err := e.agree(ctx, p); err != nil {
			return unsent(ctx, err)
		}
	}
	failed := e.executeAll(ctx, list)
	if len(e.back) == 0 {
		return unsent(ctx, failed)
	}
	failed = e.untouched(ctx, failed, list[len(e.back):])
	if then == nil {
		then = func(_ context.Context, e *errand) (any, error) { return nil, e.sayDone() }
	}
	made, err := then(ctx, e)
	if failed == nil {
		failed = unprinted(err)
	}
	if e.flags.json {
		e.printed = true
		if err := printJSON(e.stdout, changedOf(e.back, made, failed)); failed == nil {
			return unprinted(err)
		}
	}
	return failed
}

// executeAll carries out plans in their order, until one does not end as it should.
func (e *errand) executeAll(ctx context.Context, list []rental.Plan) error {
	for _, p := range list {
		if err := e.untilFree(ctx, p); err != nil {
			return err
		}
		r := e.execute(ctx, p)
		e.back = append(e.back, r)
		if err := endOf(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// untouched says beside why a verb ended which plans were not begun, and reports them.
func (e *errand) untouched(ctx context.Context, failed error, rest []rental.Plan) error {
	if cancelled(failed) {
		failed = context.Cause(ctx)
	}
	for _, p := range rest {
		r := rental.Report{Plan: p}
		for n, s := range p.Steps {
			r.NotTried = append(r.NotTried, rental.StepResult{Index: n, Step: s})
			failed = &exitError{exitCode(coded(failed)), joined([]string{ended(saidOf(failed))}, capital(ended(stepWords(s)+": not tried, nothing was sent")))}
		}
		e.back = append(e.back, r)
	}
	return failed
}

// unsent says of a verb that a signal has ended that it had not sent anything yet.
func unsent(ctx context.Context, err error) error {
	if !cancelled(err) {
		return err
	}
	return &exitError{exitCode(context.Cause(ctx)), "interrupted: nothing was sent."}
}

// execute carries out a plan that was agreed to.
func (e *errand) execute(ctx context.Context, p rental.Plan) rental.Report {
	deps := rental.Deps{API: e.api, Read: e.api, Journal: e.file, Policy: e.policy(), Account: e.owner}
	return rental.Execute(ctx, deps, p, teller(p, e.stderr, e.asks()))
}

// agree returns nil when p was agreed to.
func (e *errand) agree(ctx context.Context, p rental.Plan) error {
	over := failedChecks(p)
	switch {
	case barred(over):
		return refusedf("%s Nothing was sent.", checkTexts(over))
	case e.flags.yes && len(over) > 0 && !p.Consent.Agrees(strings.TrimSpace(e.flags.overCap)):
		return refusedf("%s Nothing was sent: --yes alone does not agree to that, --over-cap %s does.", checkTexts(over), quotedWords(p.Consent.Words))
	case e.flags.yes, p.Consent.Kind == rental.ConsentNone:
		return nil
	}
	if err := writePlan(e.stderr, p); err != nil {
		return err
	}
	return e.ask(ctx, p)
}

// quotedWords are words as one argument of a shell.
func quotedWords(words string) string {
	if strings.Contains(words, " ") {
		return `"` + words + `"`
	}
	return words
}

// failedChecks are what p is above or against.
func failedChecks(p rental.Plan) []rental.Check {
	return slices.DeleteFunc(slices.Clone(p.Checks), func(c rental.Check) bool { return c.OK })
}

// barred reports whether no figure agrees.
func barred(failed []rental.Check) bool {
	return slices.ContainsFunc(failed, func(c rental.Check) bool { return c.Final })
}

func checkTexts(failed []rental.Check) string {
	var parts []string
	for _, c := range failed {
		parts = append(parts, c.Text)
	}
	return ended(strings.Join(parts, "; "))
}

// ask asks for consent on the terminal: a y, or the words that the plan takes. Enter
// alone never agrees, and what was typed before the question is no answer to it.
func (e *errand) ask(ctx context.Context, p rental.Plan) error {
	question := "\n" + p.Button + "? y agrees, anything else does not: "
	agrees := func(line string) bool { return line == "y" || line == "Y" || line == "yes" }
	if p.Consent.Kind == rental.ConsentType {
		question = "\nType  " + p.Consent.Words + "  to agree, anything else does not: "
		agrees = p.Consent.Agrees
	}
	dropTyped(e.stdin)
	if _, err := io.WriteString(e.stderr, question); err != nil {
		return err
	}
	line, err := readLine(ctx, e.stdin)
	if err != nil {
		fmt.Fprintln(e.stderr)
		return err
	}
	if !agrees(strings.TrimSpace(line)) {
		return refusedf("nothing was sent.")
	}
	return nil
}

// readLine reads a line, until ctx ends. The end of the input is an empty line.
func readLine(ctx context.Context, r io.Reader) (string, error) {
	type answer struct {
		line string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		line, err := bufio.NewReader(r).ReadString('\n')
		read <- answer{line, err}
	}()
	select {
	case a := <-read:
		if errors.Is(a.err, io.EOF) {
			return "", nil // a line without its end was not entered
		}
		return a.line, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// teller tells on w how far p is. Where nobody looks only what takes long is told.
func teller(p rental.Plan, w io.Writer, watched bool) func(rental.Progress) {
	last := map[int]string{}
	return func(g rental.Progress) {
		if !watched && g.State != rental.StateUnknown {
			return
		}
		text := fmt.Sprintf("%s: %s", stepWords(p.Steps[g.Step]), g.State)
		if g.Note != "" {
			text += ", " + g.Note
		}
		if last[g.Step] != text {
			last[g.Step] = text
			fmt.Fprintln(w, text)
		}
	}
}
