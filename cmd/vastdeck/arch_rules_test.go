package main_test

import "strings"

// The imports of the fakes below.
const (
	importTea      = `import tea "charm.land/bubbletea/v2"` + "\n"
	importLipgloss = `import "charm.land/lipgloss/v2"` + "\n"
	importContext  = `import "context"` + "\n"
	importTime     = `import "time"` + "\n"
	importRental   = `import "vastdeck/vastapi/rental"` + "\n"
)

// rules is the architecture: one entry a rule, checked on every Go file of the repository.
var rules = []rule{
	{
		name: "imports among the program's packages", check: ownImports,
		bad: []fake{
			{"tui/bids/model.go", `import "vastdeck/tui/offers"`},
			{"vastapi/client.go", `import "vastdeck/vastapi/rental"`},
			{"vastapi/vastsim/world.go", `import "vastdeck/vastapi/safetext"`},
			{"store/file_test.go", `import "vastdeck/cmd/vastdeck"`},
			{"tui/program.go", `import "vastdeck/tui/tuitest"`},
		},
		good: []fake{
			{"tui/bids/model.go", `import "vastdeck/tui/view"`},
			{"tui/program_test.go", `import "vastdeck/tui/tuitest"`},
			{"vastapi/contract_test.go", `import "vastdeck/vastapi/vastsim"`},
			{"cmd/vastdeck/wire.go", "package main\nimport (\n\"vastdeck/store\"\n\"vastdeck/tui\"\n)"},
		},
	},
	{
		name: "imports of others", check: bannedImports,
		bad: []fake{
			{"vastapi/errors.go", importTea},
			{"vastapi/pricing/rate_test.go", importLipgloss},
			{"store/state.go", `import "charm.land/bubbles/v2/key"`},
			{"store/secrets.go", `import "github.com/zalando/go-keyring"`},
			{"cmd/vastdeck/cli.go", "package main\n" + `import "github.com/zalando/go-keyring"`},
			{"store/secrets.go", `import "filippo.io/age"`},
			{"tui/offers/model.go", `import "net/http"`},
			{"tui/offers/model.go", `import "os"`},
			{"tui/offers/model.go", `import "os/exec"`},
			{"tui/widget/table/table.go", `import "os"`},
			{"tui/deps.go", `import "vastdeck/store"`},
			{"tui/command/load.go", `import "vastdeck/store"`},
			{"tui/frame.go", `import "github.com/charmbracelet/lipgloss"`},
			{"tui/frame.go", `import . "time"`},
		},
		good: []fake{
			{"store/keyring.go", `import "github.com/zalando/go-keyring"`},
			{"store/keyring_test.go", `import "github.com/zalando/go-keyring"`},
			{"store/keyfile.go", `import "filippo.io/age/armor"`},
			{"tui/command/history.go", `import "vastdeck/store"`},
			{"tui/command/file.go", `import "os"`},
			{"tui/offers/model_test.go", `import "os"`},
			{"tui/program.go", `import "os"`},
			{"vastapi/transport.go", `import "net/http"`},
			{"vastapi/safetext/width_test.go", `import "github.com/charmbracelet/x/ansi"`},
		},
	},
	{
		name: "package names", check: packageNames,
		bad: []fake{
			{"vastapi/util/x.go", ``},
			{"tui/types/x.go", ``},
			{"store/x/x.go", "package helpers"},
			{"vastapi/internal/wire/x.go", ``},
			{"tui/common/x_test.go", "package common_test"},
		},
		good: []fake{{"tui/widget/table/x.go", ``}, {"vastapi/x_test.go", "package vastapi_test"}},
	},
	{
		name: "exact bytes of outside text", check: wireCalls,
		bad: []fake{
			{"tui/instances/draw.go", `func f(t text) string { return t.Wire() }`},
			{"vastapi/pricing/rate.go", `func f(i inst) string { return i.Label.Wire() }`},
			{"cmd/vastdeck/cli.go", "package main\nfunc f(t text) string { return t.Wire() }"},
		},
		good: []fake{
			{"vastapi/calls.go", `func f(t text) string { return t.Wire() }`},
			{"vastapi/rental/reconcile.go", `func f(t text) string { return t.Wire() }`},
			{"vastapi/offerql/fields.go", `func f(x field) string { return x.Wire }`},
			{"tui/instances/draw_test.go", `func f(t text) string { return t.Wire() }`},
		},
	},
	{
		name: "keys", check: reveals,
		bad: []fake{
			{"tui/account/model.go", `func f(k key) string { return k.Reveal() }`},
			{"vastapi/errors.go", `func f(k key) func() string { return k.Reveal }`},
			{"store/log.go", `func f(k Key) string { return k.Reveal() }`},
		},
		good: []fake{
			{"vastapi/chain.go", `func f(k key) string { return k.Reveal() }`},
			{"tui/account/newkey.go", `func f(k newKey) string { return k.key.Reveal() }`},
			{"cmd/vastdeck/wire.go", "package main\nfunc f(k key) string { return k.Reveal() }"},
			{"store/key.go", `func (k Key) Reveal() string { return k.reveal() }`},
			{"store/key_test.go", `func f(k Key) string { return k.Reveal() }`},
		},
	},
	{
		name: "changes to the account", check: mutations,
		bad: []fake{
			{"tui/command/rent.go", `func f(c client) { c.Do(ctx, call) }`},
			{"vastapi/rental/reconcile.go", `func f(d Deps) { d.Do(ctx, call) }`},
			{"cmd/vastdeck/cli_rent.go", "package main\nfunc f(c client) { c.api.Do(ctx, call) }"},
		},
		good: []fake{
			{"vastapi/rental/execute.go", `func f(d Deps) { d.Do(ctx, call) }`},
			{"vastapi/transport.go", `func f(c client) { c.Do(request) }`},
			{"tui/input.go", `func f(a action) { a.Do() }`},
			{"cmd/vastdeck/wire.go", "package main\nvar d = rental.Deps{Do: client.Do}"},
			{"vastapi/client_test.go", `func f(c *Client) { c.Do(ctx, call) }`},
		},
	},
	{
		name: "the executor",
		check: named("vastdeck/vastapi/rental", oneOf("Execute"), func(s source) bool {
			return s.in("tui/command") || strings.HasPrefix(s.path, "cmd/vastdeck/cli")
		}, "only tui/command and the verbs of cmd/vastdeck carry plans out: return view.Confirm{Plan: …}"),
		bad: []fake{
			{"tui/offers/actions.go", importRental + `func f() { rental.Execute(ctx, d, p, nil) }`},
			{"tui/answers.go", `import r "vastdeck/vastapi/rental"` + "\nvar f = r.Execute"},
			{"cmd/vastdeck/wire.go", "package main\n" + importRental + `var f = rental.Execute`},
		},
		good: []fake{
			{"tui/command/execute.go", importRental + `func f() { rental.Execute(ctx, d, p, nil) }`},
			{"cmd/vastdeck/cli_rent.go", "package main\n" + importRental + `var f = rental.Execute`},
			{"tui/tuitest/rent_test.go", importRental + `var f = rental.Execute`},
			{"tui/offers/actions.go", importRental + `var f = rental.PlanRent`},
		},
	},
	{
		name: "ticks and processes under tui",
		check: named("charm.land/bubbletea/v2", func(name string) bool {
			return name == "Tick" || name == "Every" || strings.HasPrefix(name, "Exec")
		}, mayWait, sayWait),
		bad: []fake{
			{"tui/offers/model.go", importTea + `var f = tea.Tick(1, nil)`},
			{"tui/program.go", importTea + `var f = tea.Every(1, nil)`},
			{"tui/sessions/model.go", importTea + `var f = tea.ExecProcess(nil, nil)`},
			{"tui/offers/model.go", `import bt "charm.land/bubbletea/v2"` + "\n" + `var f = bt.Exec`},
		},
		good: []fake{
			{"tui/command/poll.go", importTea + `var f = tea.Tick(1, nil)`},
			{"tui/tuitest/toy.go", importTea + `var f = tea.Tick(1, nil)`},
			{"tui/offers/model.go", importTea + `var f = tea.Batch`},
			{"tui/offers/model_test.go", importTea + `var f = tea.Tick(1, nil)`},
		},
	},
	{
		name: "contexts under tui",
		check: named("context", func(name string) bool { return strings.HasPrefix(name, "With") }, mayWait,
			"only tui/command makes contexts, so that there is one place for time limits: give the command a limit"),
		bad: []fake{
			{"tui/program.go", importContext + `var c, _ = context.WithCancel(nil)`},
			{"tui/offers/model.go", importContext + `var c, _ = context.WithTimeout(nil, 1)`},
		},
		good: []fake{
			{"tui/command/run.go", importContext + `var c, _ = context.WithTimeout(nil, 1)`},
			{"tui/program.go", importContext + `func Run(ctx context.Context) {}`},
			{"vastapi/retry.go", importContext + `var c, _ = context.WithTimeout(nil, 1)`},
		},
	},
	{
		name:  "sleeping under tui",
		check: named("time", oneOf("Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"), mayWait, sayWait),
		bad: []fake{
			{"tui/offers/model.go", importTime + `func f() { time.Sleep(1) }`},
			{"tui/frame.go", importTime + `var c = time.After(1)`},
			{"tui/widget/toast/toast.go", importTime + `var c = time.NewTimer(1)`},
		},
		good: []fake{
			{"tui/command/poll.go", importTime + `func f() { time.Sleep(1) }`},
			{"tui/offers/model_test.go", importTime + `func f() { time.Sleep(1) }`},
			{"tui/offers/model.go", importTime + `var n = time.Now().Add(time.Second)`},
			{"store/keyring.go", importTime + `var c = time.After(1)`},
		},
	},
	{
		name: "goroutines under tui", check: goStatements,
		bad: []fake{
			{"tui/program.go", `func f() { go f() }`},
			{"tui/offers/model.go", `var f = func() { go func() {}() }`},
		},
		good: []fake{
			{"tui/command/run.go", `func f() { go f() }`},
			{"tui/tuitest/screen.go", `func f() { go f() }`},
			{"tui/program_test.go", `func f() { go f() }`},
			{"store/keyring.go", `func f() { go f() }`},
		},
	},
	{
		name: "sorting under tui", check: sorting,
		bad: []fake{
			{"tui/answers.go", `import "sort"` + "\n" + `func f() { sort.Slice(l, nil) }`},
			{"tui/offers/draw.go", `import "slices"` + "\n" + `func f() { slices.SortFunc(l, nil) }`},
			{"tui/newview/model.go", `import "slices"` + "\n" + `func f() { slices.Sort(l) }`},
			{"tui/instances/model.go", `import "slices"` + "\n" + `var l = slices.Sorted(m)`},
		},
		good: []fake{
			{"tui/feed/market.go", `import "slices"` + "\n" + `func f() { slices.SortStableFunc(l, nil) }`},
			{"tui/offers/draw.go", `import "slices"` + "\n" + `var i = slices.Index(l, 1)`},
			{"tui/offers/model_test.go", `import "slices"` + "\n" + `func f() { slices.Sort(l) }`},
			{"vastapi/rows.go", `import "slices"` + "\n" + `func f() { slices.Sort(l) }`},
		},
	},
	{
		name: "decoding under tui",
		check: named("encoding/json", func(name string) bool { return strings.HasPrefix(name, "Unmarshal") || name == "NewDecoder" }, mayWait,
			"answers are decoded by the client and files by commands, away from Update: add a command to tui/command"),
		bad: []fake{
			{"tui/answers.go", `import "encoding/json"` + "\n" + `func f() { json.Unmarshal(b, &v) }`},
			{"tui/offers/model.go", `import "encoding/json"` + "\n" + `var d = json.NewDecoder(r)`},
		},
		good: []fake{
			{"tui/command/file.go", `import "encoding/json"` + "\n" + `func f() { json.Unmarshal(b, &v) }`},
			{"vastapi/json.go", `import "encoding/json"` + "\n" + `var d = json.NewDecoder(r)`},
			{"tui/offers/model.go", `import "encoding/json"` + "\n" + `var b, _ = json.Marshal(v)`},
			{"tui/root_test.go", `import "encoding/json"` + "\n" + `var d = json.NewDecoder(r)`},
		},
	},
	{
		name: "working the market out", check: foldings,
		bad: []fake{
			{"tui/answers.go", `func f(m market) { m = m.With(page, search, 0, false, at) }`},
			{"tui/offers/model.go", `func f(m market) { m = m.Merge(page, search, at) }`},
			{"tui/update.go", `func f(m market) { m = m.Expired(now) }`},
			{"tui/update.go", `func f(m market) { m = m.Cheapest(5) }`},
		},
		good: []fake{
			{"tui/command/fold.go", `func f(m market) { m = m.With(page, search, 0, false, at).Cheapest(5) }`},
			{"tui/feed/market.go", `func (m Market) With(p page) Market { return m.Expired(at) }`},
			{"tui/root_test.go", `func f(m market) { m = m.Expired(now) }`},
			{"tui/theme/ink.go", `func f(s style) { s = s.With(bold) }`},
		},
	},
	{
		name: "colours and styles",
		check: named("charm.land/lipgloss/v2", oneOf("Color", "NewStyle"), func(s source) bool { return s.in("tui/theme") },
			"only tui/theme makes colours and styles: add a field to the theme's group and use it"),
		bad: []fake{
			{"tui/offers/draw.go", importLipgloss + `var s = lipgloss.NewStyle()`},
			{"tui/dialog/confirm.go", `import lg "charm.land/lipgloss/v2"` + "\n" + `var c = lg.Color("1")`},
			{"cmd/vastdeck/cli.go", "package main\n" + importLipgloss + `var c = lipgloss.Color("1")`},
		},
		good: []fake{
			{"tui/theme/theme.go", importLipgloss + `var s = lipgloss.NewStyle()`},
			{"tui/frame.go", importLipgloss + `var l = lipgloss.NewLayer("")`},
			{"tui/dialog/confirm.go", importLipgloss + `var s lipgloss.Style`},
			{"tui/widget/fit/fit_test.go", importLipgloss + `var s = lipgloss.NewStyle()`},
		},
	},
	{
		name: "tests that are not run", check: skips,
		bad: []fake{
			{"store/file_test.go", `func TestX(t *testing.T) { t.Skip("root") }`},
			{"store/file_test.go", `func BenchmarkX(b *testing.B) { if x { b.SkipNow() } }`},
			{"store/file_test.go", `func TestX(t *testing.T) { t.Skipf("%d", 1) }`},
		},
		good: []fake{
			{"store/file_test.go", `func TestX(t *testing.T) { t.Log("Skip") }`},
			{"vastapi/offerql/lex.go", `func f(l lexer) { l.Skip() }`},
		},
	},
	{
		name: "work put off", check: unfinishedWork,
		bad: []fake{
			{"store/file.go", "// TO" + "DO: more\n"},
			{"store/file_test.go", "// see FIX" + "ME\n"},
			{"store/file.go", "var x = \"TO" + "DO\"\n"},
		},
		good: []fake{{"store/file.go", "// todos are a kind of list\n"}},
	},
	{
		name: "repeatable requests", check: idempotency,
		bad: []fake{
			{"vastapi/chain.go", `var h = "Idempotency` + `-Key"`},
		},
		good: []fake{
			{"vastapi/chain_test.go", `var h = "idempotency` + `-key"`},
			{"vastapi/chain.go", `var h = "Authorization"`},
			{"vastapi/send.go", "// There is no Idempotency" + "-Key header.\n"},
		},
	},
}
