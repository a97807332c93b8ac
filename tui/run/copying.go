package run

import (
	"strconv"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi/safetext"
)

// mostCopied is how many bytes are put into a clipboard: terminals take no more.
const mostCopied = 70 << 10

// copyOut puts lines into the clipboard.
func copyOut(e logview.Excerpt) view.Effect {
	text, n := e.Text()
	switch {
	case n == 0:
		return view.Do(view.Toast{Text: "there is nothing to copy", Level: view.Warn})
	case len(text) > mostCopied:
		return view.Do(view.Toast{Text: figure.Count(n) + " lines are too much for a terminal's clipboard: s saves them", Level: view.Warn})
	}
	what := figure.Count(n) + " lines"
	if n == 1 {
		what = "1 line"
	}
	first, _, _ := strings.Cut(text, "\n")
	return view.Do(view.Copy{Text: text, What: what, Shown: safetext.Clean(first, 60)})
}

// save asks where to keep the output that is shown.
func (m *Model) save(env view.Env) view.Effect {
	const form = "save-output"
	e := m.pane().All()
	of := "all hosts"
	if j, _ := m.chosen(); j != nil {
		of = j.name
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: form, Title: "Save the output", Button: "Save", Busy: "writing the file…",
		Intro: []view.Pair{{Label: "of", Value: of}, {Label: "lines", Value: figure.Count(m.pane().Len() - m.pane().Hidden())}},
		Fields: []view.Field{
			{Key: "path", Label: "file", Value: "~/vastdeck-run-" + env.Now.Format("20060102-150405") + ".txt", Limit: 4096, Help: "only you may read it"},
			{Key: "replace", Label: "replace", Kind: view.Toggle, Help: "a file of that name is kept unless this is on"},
		},
		Check: func(v view.Values) map[string]string {
			if strings.TrimSpace(v["path"]) == "" {
				return map[string]string{"path": "name a file"}
			}
			return nil
		},
		Submit: func(_ view.Env, v view.Values) view.Effect {
			return view.Do(view.Save{Form: form, Path: strings.TrimSpace(v["path"]), Replace: v.On("replace"),
				Text: func() string { text, _ := e.Text(); return text }})
		},
	}})
}

// copyCall copies the command as it can be given to a shell: one line for each host
// that is shown.
func (m *Model) copyCall(env view.Env) view.Effect {
	line := strings.TrimSpace(m.line.Value())
	if line == "" && m.batch != nil {
		line = m.batch.line
	}
	if line == "" {
		return view.Do(view.Toast{Text: "there is no command yet: e types one", Level: view.Warn})
	}
	list := m.routes(env, line)
	if here := m.here(); len(here) > 0 {
		list = nil
		for _, j := range here {
			list = append(list, j.route)
		}
	}
	var out []string
	for _, r := range list {
		if text := callLine(r, line); text != "" {
			out = append(out, text)
		}
	}
	if len(out) == 0 {
		return view.Do(view.Toast{Text: "none of these can be reached: there is no line to copy", Level: view.Warn})
	}
	return view.Do(view.Copy{Text: strings.Join(out, "\n"), What: "the command line", Shown: safetext.Clean(out[0], 120)})
}

// callLine runs a command on one host from a shell; "" when there is no way.
func callLine(r route, line string) string {
	switch r.way {
	case viaAPI:
		return "vastai execute " + r.id.String() + " " + shellQuoted(line)
	case overSSH:
		host, port := r.instance.SSHHost.String(), r.instance.SSHPort
		if p, ok := r.instance.DirectSSH(); ok {
			host, port = r.instance.PublicIP.String(), p
		}
		if !plainHost(host) || port < 1 || port > 65535 {
			return ""
		}
		return "ssh -p " + strconv.Itoa(port) + " root@" + host + " -- " + shellQuoted(line)
	}
	return ""
}

// plainHost reports whether an address holds nothing that a shell would act upon.
func plainHost(s string) bool {
	return s != "" && s[0] != '-' && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(".:-", r)
	})
}

// shellQuoted is a text as one word of a POSIX shell.
func shellQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
