package theme

import (
	"image/color"
	"testing"

	"charm.land/lipgloss/v2"
)

func TestEveryNameIsATheme(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		for _, dark := range []bool{true, false} {
			th, known := Named(name, dark)
			if !known || th.Name != name {
				t.Errorf("%s is known: %t, and called %q", name, known, th.Name)
			}
			if Follows(name) != (th.Dark == dark && mustNamed(t, name, !dark).Dark == !dark) {
				t.Errorf("%s follows the terminal: %t, and is dark: %t on a dark one: %t", name, Follows(name), th.Dark, dark)
			}
		}
	}
	if th, known := Named("", true); !known || th.Name != Auto {
		t.Errorf("no name is %q, known %t", th.Name, known)
	}
	if th, known := Named("mauve", true); known || th.Name != Auto {
		t.Errorf("a name that nobody knows is %q, known %t", th.Name, known)
	}
}

func mustNamed(t *testing.T, name string, dark bool) *Theme {
	th, known := Named(name, dark)
	if !known {
		t.Fatalf("%s is not known", name)
	}
	return th
}

// sixteens are the sixteen colours of terminals as they come: black first, the bright half last,
// and the background they come with.
var sixteens = map[string]struct {
	colours [16]rgb
	back    rgb
}{
	"xterm": {[16]rgb{0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff}, 0x000000},
	"xterm, light": {[16]rgb{0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff}, 0xffffff},
	"vga": {[16]rgb{0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
		0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff}, 0x000000},
	"vga, light": {[16]rgb{0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
		0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff}, 0xffffff},
	"campbell": {[16]rgb{0x0c0c0c, 0xc50f1f, 0x13a10e, 0xc19c00, 0x0037da, 0x881798, 0x3a96dd, 0xcccccc,
		0x767676, 0xe74856, 0x16c60c, 0xf9f1a5, 0x3b78ff, 0xb4009e, 0x61d6d6, 0xf2f2f2}, 0x0c0c0c},
	"one half, light": {[16]rgb{0x383a42, 0xe45649, 0x50a14f, 0xc18301, 0x0184bc, 0xa626a4, 0x0997b3, 0xfafafa,
		0x4f525d, 0xdf6c75, 0x98c379, 0xe4c07a, 0x61afef, 0xc577dd, 0x56b5c1, 0xffffff}, 0xfafafa},
	"terminal.app, light": {[16]rgb{0x000000, 0x990000, 0x00a600, 0x999900, 0x0000b2, 0xb200b2, 0x00a6b2, 0xbfbfbf,
		0x666666, 0xe50000, 0x00d900, 0xe5e500, 0x0000ff, 0xe500e5, 0x00e5e5, 0xe5e5e5}, 0xffffff},
}

// The terminal's own colours are its user's choice. Where they are the usual ones text can be
// read; where somebody has chosen paler ones, as one half has, it is at least as good as a border.
func TestSixteenColoursCanBeReadWhereTheyAreTheUsualOnes(t *testing.T) {
	t.Parallel()
	for name, s := range sixteens {
		need := readable
		if name == "one half, light" {
			need = 3
		}
		p := sixteen(lightPalette())
		if s.back.luminance() < 0.2 {
			p = sixteen(darkPalette())
		}
		for c := range classCount {
			fg := p.basic[c]
			if fg == nil {
				continue
			}
			if got := contrast(s.colours[numberOf(t, fg)], s.back); got < need {
				t.Errorf("%s: class %d has a contrast of %.2f", name, c, got)
			}
		}
	}
}

// numberOf is the number of a colour among the sixteen.
func numberOf(t *testing.T, c color.Color) int {
	for n, known := range []color.Color{
		lipgloss.Black, lipgloss.Red, lipgloss.Green, lipgloss.Yellow, lipgloss.Blue, lipgloss.Magenta, lipgloss.Cyan, lipgloss.White,
		lipgloss.BrightBlack, lipgloss.BrightRed, lipgloss.BrightGreen, lipgloss.BrightYellow, lipgloss.BrightBlue, lipgloss.BrightMagenta, lipgloss.BrightCyan, lipgloss.BrightWhite,
	} {
		if c == known {
			return n
		}
	}
	t.Fatalf("%v is not one of the sixteen", c)
	return 0
}

func TestSixteenColoursAreAllThatIsSent(t *testing.T) {
	t.Parallel()
	for _, dark := range []bool{true, false} {
		th, _ := Named(Sixteen, dark)
		for g := range groundCount {
			for c := range classCount {
				if k := th.InkOn(g, c); containsLong(k.On) {
					t.Errorf("dark %t: class %d on ground %d asks for a colour of its own: %q", dark, c, g, k.On)
				}
			}
		}
		for name, k := range map[string]Ink{"tab": th.Tabs.Active, "button": th.Dialog.Button, "focus": th.Dialog.Focus, "risk": th.Dialog.FocusRisk, "found": th.Pager.Found} {
			if containsLong(k.On) {
				t.Errorf("dark %t: the %s asks for a colour of its own: %q", dark, name, k.On)
			}
		}
		if th.Dialog.Button == th.Dialog.Focus {
			t.Errorf("dark %t: what has the focus looks like what has not", dark)
		}
	}
}

// containsLong reports whether a sequence sets a colour that is none of the sixteen.
func containsLong(s string) bool {
	for i := 0; i+4 < len(s); i++ {
		if s[i:i+4] == "38;2" || s[i:i+4] == "48;2" || s[i:i+4] == "38;5" || s[i:i+4] == "48;5" {
			return true
		}
	}
	return false
}

func TestEveryThemeTellsTheGroundsApart(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		for _, dark := range []bool{true, false} {
			th, _ := Named(name, dark)
			seen := map[Ink]Ground{}
			for g := range groundCount {
				k := th.InkOn(g, Plain)
				if other, taken := seen[k]; taken {
					t.Errorf("%s, dark %t: grounds %d and %d look the same", name, dark, g, other)
				}
				seen[k] = g
			}
		}
	}
}
