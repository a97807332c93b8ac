package table

import tea "charm.land/bubbletea/v2"

// Update acts upon the keys that move and mark, and reports whether this was one of them:
// up down j k, pgup pgdown, ctrl+u ctrl+d (half a screen), g G home end, space v * and i (mark the row, the range
// from the last marked row, all shown, the others).
func (m *Model[K, T]) Update(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "up", "k":
		m.Move(-1)
	case "down", "j":
		m.Move(1)
	case "pgup":
		m.Page(-1)
	case "pgdown":
		m.Page(1)
	case "ctrl+u":
		m.scroll(-max(1, m.visible/2))
	case "ctrl+d":
		m.scroll(max(1, m.visible/2))
	case "g", "home":
		m.Home()
	case "G", "end":
		m.End()
	case "space":
		m.ToggleMark()
	case "v":
		m.MarkRange()
	case "*":
		m.MarkAllShown()
	case "i":
		m.Invert()
	default:
		return false
	}
	return true
}
