package vastapi

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// Template is a saved way to start an instance: image, run type, variables (GET
// /api/v0/template/). Renting with its Hash has the server fill in what the
// request leaves out.
type Template struct {
	ID      int64
	Hash    string // hash_id, what a rent names; changes with every edit. Letters and digits only, else ""
	Name    safetext.Text
	Image   safetext.Text // without its tag
	Tag     safetext.Text // "@vastai-automatic-tag" lets the server pick
	Env     safetext.Text // docker flags as one string; Flags has all of it
	OnStart safetext.Text
	Args    safetext.Text // args_str, for the image's own entrypoint
	RunType safetext.Text
	Desc    safetext.Text

	UseSSH     Flag
	SSHDirect  Flag
	JupDirect  Flag
	JupyterLab Flag
	JupyterDir safetext.Text
	LoginRepo  safetext.Text // a private registry; its password is never sent back
	Disk       GB            // recommended
	Filters    safetext.Text // extra_filters: a search filter as JSON text, "" or "{}" = none
	Href, Repo safetext.Text

	Recommended Flag // by Vast.ai
	Private     Flag
	Creator     int64 // the user it belongs to
	Count       int   // instances made from it so far; 0 = not told
	Created     time.Time
	Recent      time.Time // last used
}

// Ref returns the image with its tag, as a rent names it.
func (t *Template) Ref() safetext.Text {
	image, tag := t.Image.Wire(), t.Tag.Wire()
	last := image[strings.LastIndexByte(image, '/')+1:]
	if tag == "" || image == "" || strings.ContainsAny(last, ":@") {
		return t.Image
	}
	return safetext.New(image + ":" + tag)
}

// Flags returns the docker flags of the template in full, as one inert line.
func (t *Template) Flags() string {
	return safetext.Clean(strings.TrimSpace(t.Env.Wire()), MaxEnv)
}

// TemplateQuery says which templates to list. The zero value lists all, which
// can be a few thousand.
type TemplateQuery struct {
	// Text keeps the templates in whose name, image or description every word
	// of it stands, in any case. The server cannot search; it is done here.
	Text        string
	Recommended bool  // only those Vast.ai recommends
	Creator     int64 // only those of this user: User.ID for one's own; 0 = anybody's
	Hash        string
}

// byUse puts the templates most instances were made from first.
func byUse(list []Template) {
	slices.SortStableFunc(list, func(a, b Template) int { return cmp.Compare(b.Count, a.Count) })
}
