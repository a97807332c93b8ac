package logs

import (
	"strings"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

const (
	// copied is how many lines are copied at once without being chosen.
	copied = 100
	// mostCopied is how many bytes are put into a clipboard: terminals take no more.
	mostCopied = 70 << 10
)

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

// copyCall copies what is shown as lines of the official client.
func (m *Model) copyCall() view.Effect {
	var b strings.Builder
	for n, s := range m.sources {
		if n > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(callLine(s.id, m.tail, m.daemon))
	}
	return view.Do(view.Copy{Text: b.String(), What: "the request", Shown: callLine(m.sources[0].id, m.tail, m.daemon)})
}

func callLine(id vastapi.InstanceID, tail int, daemon bool) string {
	line := "vastai logs " + id.String() + " --tail " + vastapi.InstanceID(tail).String()
	if daemon {
		line += " --daemon-logs"
	}
	return line
}

// save asks where to keep the lines that are shown.
func (m *Model) save(env view.Env) view.Effect {
	const form = "save-logs"
	e := m.log.All()
	of := "logs"
	if len(m.sources) == 1 {
		of = fileName(m.sources[0].name)
	}
	intro := []view.Pair{{Label: "lines", Value: figure.Count(m.log.Len() - m.log.Hidden())}}
	if f := m.log.Filter(); f != "" {
		intro = append(intro, view.Pair{Label: "filter", Value: f})
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: form, Title: "Save the log", Button: "Save", Busy: "writing the file…", Intro: intro,
		Fields: []view.Field{
			{Key: "path", Label: "file", Value: "~/vastdeck-" + of + "-" + env.Now.Format("20060102-150405") + ".log", Limit: 4096,
				Help: "only you may read it"},
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

// fileName keeps of a name what any file may be called.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
	return strings.Trim(name[:min(len(name), longestName)], "-")
}
