package remote

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// outward are the links in a folder that lead out of it. A copy of them would lead
// nowhere, or to something else, so what they lead to is copied in their place. That is
// done for files alone: a folder elsewhere may be as large as a disk, and may lead back.
type outward struct {
	files int      // links to files
	bytes int64    // of those files
	name  string   // one of the links, inert
	left  []string // links to folders or to nothing, as they are called below the folder
}

// maxLinks bounds how many links are left out one by one.
const maxLinks = 500

// errManyLinks says that there are more.
var errManyLinks = &Failure{
	Kind: FailUnknown, Sentence: fmt.Sprintf("More than %d links lead out of the folder, to other folders or to nothing.", maxLinks),
	Next: "Copy its parts, or pack it where it lies: tar -ch follows links.",
}

// leadsOut reports whether a link leads out of the folder that is copied, or goes through
// what lies outside on its way: below is where it lies, to where it leads. rsync has the
// same rule (its --safe-links and --copy-unsafe-links).
func leadsOut(below, to string) bool {
	if to == "" || strings.HasPrefix(to, "/") {
		return true
	}
	depth := strings.Count(below, "/")
	for _, part := range strings.Split(to, "/") {
		switch part {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				return true
			}
		default:
			depth++
		}
	}
	return false
}

// localLinks looks at the links below a folder of this machine.
func localLinks(ctx context.Context, root string) (o outward, err error) {
	until := time.Now().Add(countLimit)
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case time.Now().After(until):
			return errCounted
		case err != nil || d.Type()&fs.ModeSymlink == 0:
			return nil // what cannot be read is told when it is copied
		}
		return o.see(root, p)
	})
	if errors.Is(err, errCounted) {
		return o, nil
	}
	return o, err
}

func (o *outward) see(root, p string) error {
	below, err := filepath.Rel(root, p)
	if err != nil {
		return err
	}
	below = filepath.ToSlash(below)
	to, err := os.Readlink(p)
	if err != nil || !leadsOut(below, filepath.ToSlash(to)) {
		return nil
	}
	info, err := os.Stat(p)
	if err == nil && info.Mode().IsRegular() {
		o.file(below, info.Size())
		return nil
	}
	return o.leave(below)
}

func (o *outward) file(below string, size int64) {
	if o.files++; o.name == "" {
		o.name = safetext.Clean(below, safetext.MaxRunes)
	}
	o.bytes += size
}

func (o *outward) leave(below string) error {
	if len(o.left) >= maxLinks {
		return errManyLinks
	}
	o.left = append(o.left, below)
	return nil
}

// linkScript prints the links below $p that lead out of it, one a line: the size of the
// file or "-", and the name. Where find has no -printf, a loop does its work.
const linkScript = `if find "$p" -maxdepth 0 -printf '' 2>/dev/null; then find -H "$p" -type l -printf '%P\t%l\t%Y\n' 2>/dev/null
else find -H "$p" -type l 2>/dev/null | while IFS= read -r l; do y=N; if [ -f "$l" ]; then y=f; elif [ -e "$l" ]; then y=d; fi
printf '%s\t%s\t%s\n' "${l#"$p"/}" "$(readlink -- "$l")" "$y"; done; fi | awk -F'\t' '
{ out=($2==""||substr($2,1,1)=="/"); d=split($1,x,"/")-1; m=split($2,y,"/")
for (i=1;i<=m&&!out;i++) { if (y[i]=="..") { if (--d<0) out=1 } else if (y[i]!=""&&y[i]!=".") d++ }
if (out) print $3 "\t" $1 }' | head -n 20000 | while IFS= read -r l; do n=${l#?}; n=${n#?}
case "$l" in f*) z=$(stat -Lc %s -- "$p/$n" 2>/dev/null) || z=0; printf 'link\t%s\t%s\n' "$z" "$n";; *) printf 'link\t-\t%s\n' "$n";; esac; done; true`

// remoteLinks looks at the links below a folder of an instance.
func (c *Client) remoteLinks(ctx context.Context, e Endpoint, j CopyJob) (o outward, err error) {
	cmd, err := c.LineCommand(j.Instance, e, Use, "exec sh -c "+shellQuote("p="+shellQuote(remotePath(j.Remote))+"; [ -d \"$p\" ] || exit 0\n"+linkScript))
	if err != nil {
		return o, err
	}
	r, err := c.outputUpTo(ctx, cmd, countLimit, 4<<20)
	if err != nil {
		return o, err
	}
	if f := Explain(r.Code, r.Err); f != nil {
		return o, f
	}
	return o, o.read(r.Out)
}

// read takes in what linkScript has printed; a log-in may have said something too.
func (o *outward) read(said string) error {
	for line := range strings.Lines(said) {
		rest, ours := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "link\t")
		size, below, whole := strings.Cut(rest, "\t")
		if !ours || !whole || below == "" {
			continue
		}
		if n, err := strconv.ParseInt(size, 10, 64); err == nil && n >= 0 {
			o.file(below, n)
		} else if err := o.leave(below); err != nil {
			return err
		}
	}
	return nil
}

// excludes are the options by which rsync leaves out what is left out. A name without a
// pattern is read as it is, one with a pattern has its letters escaped.
func (o outward) excludes() []string {
	var all []string
	for _, below := range o.left {
		if strings.ContainsAny(below, globLetters) {
			below = globEscaper.Replace(below)
		}
		all = append(all, "--exclude=/"+below)
	}
	return all
}

// followed says in a sentence what was copied in place of links, "" when nothing was.
func (o outward) followed() string {
	return followedWords(o.files, o.name)
}

func followedWords(n int, name string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 link leads out of the folder (" + name + "): the file it leads to is copied in its place."
	}
	return fmt.Sprintf("%d links lead out of the folder (such as %s): the files they lead to are copied in their place.", n, name)
}

// leftOut says in a sentence what cannot be copied, "" when there is no such thing.
func leftWords(n int, name string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 link to a folder elsewhere or to nothing is left out: " + name + "."
	}
	return fmt.Sprintf("%d links to folders elsewhere or to nothing are left out, such as %s.", n, name)
}

// missing is the failure of a copy that is whole but for links, nil when it is whole.
func (o outward) missing() *Failure {
	if len(o.left) == 0 {
		return nil
	}
	return &Failure{
		Kind:     FailUnknown,
		Sentence: "All else is copied. " + leftWords(len(o.left), safetext.Clean(o.left[0], safetext.MaxRunes)),
		Next:     "What they lead to can be copied by itself.",
	}
}
