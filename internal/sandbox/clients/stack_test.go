package clients_test

import (
	"testing"

	"muster/internal/sandbox/sandboxtest"
)

func TestBolt_StackedViews_CloseOneByOne(t *testing.T) {
	t.Parallel()
	w, ws := open(t)
	app := start(t, "stack.mjs", w)
	ws.AwaitWithin(patience, "the app's socket", func() bool { return ws.State().Sockets > 0 })
	for name, part := range map[string]func(*testing.T, *sandboxtest.Client, *script){
		"pushed, submitted and closed": stackUpAndDown,
		"cleared by the app":           stackCleared,
		"closed all at once":           stackClosed,
		"pushed too often":             stackTooHigh,
	} {
		t.Run(name, func(t *testing.T) { part(t, ws.With(t), app) })
	}
}

// order fills in the view on top, wants another to lie there then, and gives how
// the first came to the app.
func order(t *testing.T, ws *sandboxtest.Client, app *script, user, dish, action, then string) (came sight, top sandboxtest.View) {
	t.Helper()
	if ack := ws.Submit(user, sandboxtest.Fields{"dish": dish}); ack.Action != action {
		t.Errorf("%s got %+v", dish, ack)
	}
	top = ws.OpenView(user)
	if top.Body.Title.Text != then {
		t.Errorf("after %s %q lies on top", dish, top.Body.Title.Text)
	}
	return app.tells(t, "ordered"), top
}

func stackUpAndDown(t *testing.T, ws *sandboxtest.Client, app *script) {
	ws.Command("senior", room, "/lunch")
	first := ws.OpenView("senior")
	got, second := order(t, ws, app, "senior", "soup", "push", "Course 2")
	if got["root"] != first.ID || got["below"] != nil {
		t.Errorf("the first view came as %v", got)
	}

	got, back := order(t, ws, app, "senior", "bread", "", "Course 1") // a bare acknowledgement
	if got["id"] != second.ID || got["root"] != first.ID || got["below"] != first.ID {
		t.Errorf("the second view came as %v", got)
	}
	if entered := back.Body.State.Values["dish"]["text"].(map[string]any)["value"]; back.ID != first.ID || entered != "soup" {
		t.Errorf("the first view came back as %s with %v in it", back.ID, entered)
	}

	_, second = order(t, ws, app, "senior", "soup", "push", "Course 2")
	ws.CloseView("senior")
	if got := app.tells(t, "closed"); got["id"] != second.ID || got["is_cleared"] != false {
		t.Errorf("the closed view came as %v", got)
	}
	if top := ws.OpenView("senior"); top.ID != first.ID {
		t.Errorf("below the closed view was %q", top.Body.Title.Text)
	}
}

func stackCleared(t *testing.T, ws *sandboxtest.Client, app *script) {
	ws.Command("techlead", room, "/lunch")
	order(t, ws, app, "techlead", "soup", "push", "Course 2")
	order(t, ws, app, "techlead", "soup", "push", "Course 3")
	if ack := ws.Submit("techlead", sandboxtest.Fields{"dish": "coffee"}); ack.Action != "clear" {
		t.Errorf("coffee got %+v", ack)
	}
	app.tells(t, "ordered") // nothing is left over for the next test
	if ws.HasView("techlead") {
		t.Errorf("%q is still open", ws.OpenView("techlead").Body.Title.Text)
	}
}

func stackClosed(t *testing.T, ws *sandboxtest.Client, app *script) {
	ws.Command("product", room, "/lunch")
	order(t, ws, app, "product", "soup", "push", "Course 2")
	control(t, app.to, "close", map[string]any{"user": "product", "all": true})
	for range 2 {
		if got := app.tells(t, "closed"); got["is_cleared"] != true {
			t.Errorf("a closed view came as %v", got)
		}
	}
	if ws.HasView("product") {
		t.Errorf("%q is still open", ws.OpenView("product").Body.Title.Text)
	}
}

// stackTooHigh pushes by the API: three views may lie upon one another.
func stackTooHigh(t *testing.T, ws *sandboxtest.Client, app *script) {
	ws.Command("security", room, "/lunch")
	for range 2 {
		below := ws.OpenView("security").ID
		ws.ClickView("security", "next", "")
		if got := app.tells(t, "pushed"); got["error"] != nil || got["below"] != below {
			t.Errorf("a push upon %s got %v", below, got)
		}
	}
	ws.ClickView("security", "next", "")
	if got := app.tells(t, "pushed"); got["error"] != "push_limit_reached" {
		t.Errorf("the fourth view got %v", got)
	}
	if ack := ws.TrySubmit("security", sandboxtest.Fields{"dish": "soup"}); ack.Error != "push_limit_reached" {
		t.Errorf("the fourth view, in an acknowledgement, got %+v", ack)
	}
	app.tells(t, "ordered")
	if top := ws.OpenView("security"); top.Body.Title.Text != "Course 3" {
		t.Errorf("%q lies on top", top.Body.Title.Text)
	}
}
