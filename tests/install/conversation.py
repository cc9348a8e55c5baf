"""A whole conversation from Python: a recorded voice is answered, and types to interrupt.

usage: conversation.py URL RECORDING
"""

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstGeminiLive", "1.0")
from gi.repository import GLib, Gst, GstGeminiLive  # pylint: disable=wrong-import-position

PATIENCE = 60  # seconds
AUDIBLE_BUFFERS = 25  # of 20 ms, before the user interrupts


def require(truth, what):
    """Fails with a sentence if it is not so."""
    if not truth:
        sys.exit(f"not so: {what}")


def require_refusal(session):
    """A closed session says why it takes no text."""
    try:
        session.send_text("Does anybody hear me?")
    except GLib.Error as error:
        print("error:", error.message)
        require(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.WRITE),
                "the error has the documented code")
        return
    sys.exit("a closed session took a text")


class Conversation:
    """A pipeline whose two elements share a session of the application, and what it tells."""

    def __init__(self, session, recording):
        self.pipeline = Gst.parse_launch(
            f"filesrc location={recording} ! wavparse ! audioconvert ! audioresample ! "
            "geminilivesink name=ear "
            "geminilivesrc name=voice ! fakesink name=speaker sync=true signal-handoffs=true")
        self.voice = self.pipeline.get_by_name("voice")
        for element in self.voice, self.pipeline.get_by_name("ear"):
            element.props.session = session
        self.transcripts, self.interruptions, self.turns = [], [], []
        self.answered = threading.Event()
        self.audible = 0
        self.typed = None
        self.voice.connect("transcript", self.on_transcript)
        self.voice.connect("interrupted", lambda _, heard: self.interruptions.append(heard))
        self.voice.connect("turn-complete", self.on_turn_complete)
        self.pipeline.get_by_name("speaker").connect("handoff", self.on_handoff)

    def on_transcript(self, _voice, direction, text, final):
        """Keeps whole utterances."""
        if final:
            print(f"{direction}: {text}")
            self.transcripts.append((direction, text))

    def on_turn_complete(self, _voice, turn, _reason):
        """The second turn answers what was typed."""
        self.turns.append(turn)
        if turn == 2:
            self.answered.set()

    def on_handoff(self, _speaker, buffer, _pad):
        """Types once when the model has been heard for a while."""
        self.audible += any(buffer.extract_dup(0, buffer.get_size()))
        if self.typed is None and self.audible == AUDIBLE_BUFFERS:
            self.typed = self.voice.emit("send-text", "Stop, please.")

    def run(self):
        """Plays to the end."""
        self.pipeline.set_state(Gst.State.PLAYING)
        last = self.pipeline.get_bus().timed_pop_filtered(
            PATIENCE * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
        require(last, "the pipeline ends")
        if last.type == Gst.MessageType.ERROR:
            sys.exit(last.parse_error()[0].message)
        require(self.answered.wait(PATIENCE), "the model answered twice")


def check(conversation, session):
    """What a whole conversation must have told."""
    require(conversation.typed is True, "the action signal took the text")
    require(conversation.transcripts[0] == ("input", "Front center."), "the user was heard")
    answers = [text for direction, text in conversation.transcripts if direction == "output"]
    require(answers[0].startswith("I hear"), "the model answered the voice")
    require(answers[-1] == "Very well.", "the model answered the text")
    require(len(conversation.interruptions) == 1, "the model was interrupted once")
    require(0 < conversation.interruptions[0] < 5 * Gst.SECOND, "a part of the answer was heard")
    require(conversation.turns == [1, 2], "each turn was completed once")
    require(session.props.state == GstGeminiLive.State.READY, "the session is ready to the end")
    stats = session.props.stats
    require(stats.get_uint64("turns") == (True, 2), "the session counts turns")
    require(stats.get_uint64("interruptions") == (True, 1), "the session counts interruptions")
    require(conversation.voice.props.stats.get_uint64("turns") == (True, 2),
            "the element counts as the session does")


def main():
    """Holds the conversation and looks at all of it."""
    url, recording = sys.argv[1:]
    Gst.init()
    session = GstGeminiLive.Session(base_url=url, api_key="any", voice="Kore")
    require(session.props.state == GstGeminiLive.State.CLOSED, "a new session is closed")
    require_refusal(session)
    conversation = Conversation(session, recording)
    require(conversation.voice.props.session is session, "the element shows the session")
    conversation.run()
    check(conversation, session)
    conversation.pipeline.set_state(Gst.State.NULL)
    require_refusal(session)


if __name__ == "__main__":
    main()
