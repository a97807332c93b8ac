// Package tuitest knows how to run a whole program in a terminal that is a string, on a clock that never waits:
// a real tea.Program reads typed bytes, writes to a terminal emulator, and every test looks at the emulator's screen.
// It must not know what the program is about: it takes any tea.Model and names no view, no plan and no resource.
//
// A test looks like this:
//
//	func TestMain(m *testing.M) { tuitest.Main(m) }
//
//	func TestEnterAloneDestroysNothing(t *testing.T) {
//		synctest.Test(t, func(t *testing.T) {
//			s := tuitest.Start(t, model, 120, 40)
//			s.Press("2", "D", "enter")
//			s.Has("destroy 1")
//			s.Golden("destroy-dialog")
//		})
//	}
//
// Three things must stay outside the bubble: sockets, D-Bus and child processes; they do not count as blocked, so
// virtual time would jump over them.
package tuitest
