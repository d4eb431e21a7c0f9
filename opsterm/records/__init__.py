"""What a team knows: one module a family of records."""

from opsterm.records.action import Action
from opsterm.records.alert import Alert
from opsterm.records.checklist import Checklist, Proof, Run, Step
from opsterm.records.contact import Contact, PageOut
from opsterm.records.dependency import BoundaryDecision, Dependency, StatusLine
from opsterm.records.deployment import Deployment
from opsterm.records.document import Document, KeptText, Reading, Verification
from opsterm.records.hypothesis import Evidence, Hypothesis
from opsterm.records.hypothesis_test import HypothesisTest
from opsterm.records.incident import Decision, Incident, Link, Objection, Observation, Proposal, Role
from opsterm.records.obligation import Obligation
from opsterm.records.planned_change import Approval, Freeze, PlannedChange
from opsterm.records.postmortem import Answer, Factor, Improvement, Postmortem
from opsterm.records.problem import Problem
from opsterm.records.record import KINDS, Record
from opsterm.records.recurrence import Recurrence
from opsterm.records.ritual import HeldMeeting, Ritual
from opsterm.records.spell import Spell
from opsterm.records.system import Person, System
from opsterm.records.update import OutsideQuestion, TextApproval, TextBegun, Update, WordPlan
from opsterm.records.vendor import Commitment, Involvement, Vendor, VendorCost, VendorReview

__all__ = [
    "KINDS",
    "Action",
    "Alert",
    "Answer",
    "Approval",
    "BoundaryDecision",
    "Checklist",
    "Commitment",
    "Contact",
    "Decision",
    "Dependency",
    "Deployment",
    "Document",
    "Evidence",
    "Factor",
    "Freeze",
    "HeldMeeting",
    "Hypothesis",
    "HypothesisTest",
    "Improvement",
    "Incident",
    "Involvement",
    "KeptText",
    "Link",
    "Objection",
    "Obligation",
    "Observation",
    "OutsideQuestion",
    "PageOut",
    "Person",
    "PlannedChange",
    "Postmortem",
    "Problem",
    "Proof",
    "Proposal",
    "Reading",
    "Record",
    "Recurrence",
    "Ritual",
    "Role",
    "Run",
    "Spell",
    "StatusLine",
    "Step",
    "System",
    "TextApproval",
    "TextBegun",
    "Update",
    "Vendor",
    "VendorCost",
    "VendorReview",
    "Verification",
    "WordPlan",
]
