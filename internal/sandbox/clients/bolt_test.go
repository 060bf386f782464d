package clients_test

import (
	"slices"
	"testing"

	"muster/internal/sandbox/clients/slacktypes"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

const room = "#incidents"

func TestBolt_App_WorksAsOnSlack(t *testing.T) {
	t.Parallel()
	w, ws := open(t)
	app := start(t, "bolt.mjs", w)
	ws.AwaitWithin(patience, "the app's socket", func() bool { return ws.State().Sockets > 0 })
	for name, part := range map[string]func(*testing.T, *sandboxtest.Client, *script){
		"a command":         boltCommand,
		"a form":            boltForm,
		"a form closed":     boltFormClosed,
		"a global shortcut": boltShortcut,
		"a message's menu":  boltMessageShortcut,
		"App Home":          boltHome,
		"events":            boltEvents,
	} {
		t.Run(name, func(t *testing.T) { part(t, ws.With(t), app) })
	}
	t.Run("what it sent is in the traffic", func(t *testing.T) { boltLayouts(t, ws.With(t)) })
}

// boltLayouts: blocks and views are found in whatever way they were sent.
func boltLayouts(t *testing.T, ws *sandboxtest.Client) {
	layouts, err := slacktypes.Sent(ws.Traffic(0))
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{
		"api chat.postMessage", "api views.open", "api views.update", "api views.publish",
		"ack slash_commands", "ack interactive", "response response_url",
	} {
		if !slices.ContainsFunc(layouts, func(l slacktypes.Layout) bool { return l.From == from }) {
			t.Errorf("none from %s is among the %d layouts in the traffic", from, len(layouts))
		}
	}
}

func boltCommand(t *testing.T, ws *sandboxtest.Client, _ *script) {
	ack := ws.Command("oncall", room, "/lunch salad & bread")
	if m := ws.ExpectEphemeral("oncall", room, `You said "salad &amp; bread"`); !m.Says("Today: *soup*") || ack.Response == nil {
		t.Errorf("the answer is %+v", m)
	}
	ws.Command("oncall", room, "/lunch later")
	ws.ExpectMessage(room, "Lunch is late today, says <@"+ws.UserID("oncall")+">")
}

func boltForm(t *testing.T, ws *sandboxtest.Client, app *script) {
	ws.Command("senior", room, "/lunch order")
	form := ws.OpenView("senior")
	if ack := ws.TrySubmit("senior", nil); ack.Error != "incomplete" || ack.Errors["dish"] == "" {
		t.Errorf("an empty form went out: %+v", ack)
	}
	if ack := ws.Submit("senior", sandboxtest.Fields{"dish": "cake"}); ack.Action != "errors" || ack.Errors["dish"] != "Cake is no lunch." {
		t.Errorf("a wrong dish got %+v", ack)
	}

	ws.ClickView("senior", "more", "") // views.update, with its hash
	if got := app.tells(t, "second update"); got["error"] != "hash_conflict" {
		t.Errorf("an update with a stale hash got %v", got)
	}
	wider := ws.OpenView("senior")
	if wider.ID != form.ID || wider.Body.Hash == form.Body.Hash {
		t.Errorf("the update made %s (%s) of %s (%s)", wider.ID, wider.Body.Hash, form.ID, form.Body.Hash)
	}
	if ack := ws.Submit("senior", sandboxtest.Fields{"dish": "pizza", "extras": []string{"olives"}}); ack.Action != "update" {
		t.Errorf("the form got %+v", ack)
	}
	if v := ws.OpenView("senior"); v.ID != form.ID || v.Body.Title.Text != "Is that right?" {
		t.Errorf("the view is %+v", v)
	}
	ws.Submit("senior", nil) // keeps what the field began with
	if ws.HasView("senior") {
		t.Error("a bare acknowledgement left the form open")
	}
	m := ws.ExpectMessage(room, "has pizza with olives at noon")
	if m.Metadata.Type != "lunch_ordered" || m.Metadata.Payload["dish"] != "pizza with olives" {
		t.Errorf("the metadata is %+v", m.Metadata)
	}
	boltButton(t, ws, m)
}

// boltButton clicks the button under an order: the response URL replaces the
// message, and a reply goes into its thread.
func boltButton(t *testing.T, ws *sandboxtest.Client, order sandboxtest.Message) {
	t.Helper()
	ws.ClickMessage("techlead", room, order.TS, "join", "")
	edited := ws.ExpectMessage(room, "So has <@"+ws.UserID("techlead")+">")
	if edited.TS != order.TS || edited.Edited == nil || edited.Has("join") {
		t.Errorf("the order became %+v", edited)
	}
	if reply := ws.ExpectMessage(room, "One more pizza with olives."); reply.ThreadTS != order.TS {
		t.Errorf("the reply is %+v", reply)
	}
}

func boltFormClosed(_ *testing.T, ws *sandboxtest.Client, _ *script) {
	ws.Command("product", room, "/lunch order")
	ws.OpenView("product")
	ws.CloseView("product")
	ws.ExpectEphemeral("product", room, "Then stay hungry.")
}

func boltShortcut(t *testing.T, ws *sandboxtest.Client, _ *script) {
	ws.Shortcut("security", "lunch_order")
	if v := ws.OpenView("security"); v.Body.CallbackID != "order" {
		t.Errorf("the shortcut opened %+v", v)
	}
}

func boltMessageShortcut(_ *testing.T, ws *sandboxtest.Client, _ *script) {
	ts := ws.Say("oncall", room, "That was good")
	ws.MessageShortcut("manager", room, ts, "lunch_praise")
	ws.ExpectEphemeral("manager", room, "You praised: That was good")
}

func boltHome(t *testing.T, ws *sandboxtest.Client, app *script) {
	home := func(says string) (found sandboxtest.View) {
		ws.Await("App Home to say "+says, func() bool {
			for _, v := range ws.State().Views {
				if v.Type == "home" && v.User == ws.UserID("legal") && v.Content() == "\n"+says+"\nI am hungry" {
					found = v
				}
			}
			return found.ID != ""
		})
		return found
	}
	ws.Home("legal")
	before := home("No lunch yet.")
	control(t, app.to, "click", map[string]any{"user": "legal", "view_id": before.ID, "action_id": "hungry"})
	if after := home("Lunch is coming."); after.Body.Hash == before.Body.Hash {
		t.Error("another home has the same hash")
	}
}

func boltEvents(t *testing.T, ws *sandboxtest.Client, app *script) {
	ts := ws.Say("oncall", room, "Hello <@"+workspace.BotUser+">")
	if m := ws.ExpectMessage(room, "You called, <@"+ws.UserID("oncall")+">?"); m.ThreadTS != ts {
		t.Errorf("the answer is %+v", m)
	}
	ws.Say("oncall", room, "what is for lunch today?")
	ws.ExpectMessage(room, "Soup.")
	ws.React("senior", room, ts, "yum")
	if got := app.tells(t, "reaction"); got["name"] != "yum" || got["user"] != ws.UserID("senior") {
		t.Errorf("the reaction is %v", got)
	}
}
