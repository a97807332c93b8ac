package main

// guard is a piece of code that keeps money, data or the terminal safe.
type guard struct {
	name    string
	file    string
	code    string   // what stands there
	without string   // what is put in its place
	tests   []string // packages whose tests have to notice
}

var guards = []guard{
	{
		name: "sanitiser call", file: "vastapi/safetext/text.go",
		code:    "inert := Clean(strings.TrimSpace(raw), MaxRunes)",
		without: "inert := strings.TrimSpace(raw)",
		tests:   []string{"./vastapi/safetext"},
	},
	{
		name: "intent on disk", file: "store/recordfile.go",
		code:    "if err := r.f.Sync(); err != nil {\n\t\t// After",
		without: "if err := error(nil); err != nil {\n\t\t// After",
		tests:   []string{"./store"},
	},
	{
		name: "lock of the journal", file: "store/lock_unix.go",
		code:    "err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)",
		without: "err := error(nil)",
		tests:   []string{"./store"},
	},
	{
		name: "plan carried out once", file: "vastapi/rental/claim.go",
		code:    "func claim(j Journal, plan string) error {\n",
		without: "func claim(j Journal, plan string) error {\n\tif plan != \"\" {\n\t\treturn nil\n\t}\n",
		tests:   []string{"./vastapi/rental"},
	},
	{
		name: "redirects refused", file: "vastapi/transport.go",
		code:    "func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }",
		without: "func stay(*http.Request, []*http.Request) error { return nil }",
		tests:   []string{"./vastapi"},
	},
	{
		name: "settle window", file: "vastapi/rental/reconcile.go",
		code:    "a.looks >= x.deps.Policy.Checks && s.at.Sub(a.sent) >= x.deps.Policy.Settle",
		without: "a.looks >= 1 && s.at.Sub(a.sent) >= 0",
		tests:   []string{"./vastapi/rental"},
	},
	{
		name: "price read again", file: "vastapi/rental/recheck.go",
		code:    "\tif len(x.moved) > 0 {\n\t\treturn ErrMoved\n\t}\n",
		without: "",
		tests:   []string{"./vastapi/rental"},
	},
	{
		name: "token in the label", file: "vastapi/rental/rent.go",
		code:    "Label: Label(opt.Name, token),",
		without: "Label: opt.Name,",
		tests:   []string{"./vastapi/rental"},
	},
}
