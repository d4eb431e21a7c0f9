"""What a team knows: one module a family of records."""

from opsterm.records.action import Action
from opsterm.records.alert import Alert
from opsterm.records.checklist import Checklist, Proof, Run, Step
from opsterm.records.contact import Contact, Summons
from opsterm.records.deployment import Deployment
from opsterm.records.factor import Factor
from opsterm.records.hypothesis import Evidence, Hypothesis
from opsterm.records.improvement import Improvement
from opsterm.records.incident import Decision, Incident, Link, Objection, Observation, Proposal, Role
from opsterm.records.obligation import Obligation
from opsterm.records.planned_change import Approval, Freeze, PlannedChange
from opsterm.records.postmortem import Answer, Postmortem
from opsterm.records.probe import Probe
from opsterm.records.problem import Problem
from opsterm.records.record import KINDS, Record
from opsterm.records.recurrence import Recurrence
from opsterm.records.update import Update

__all__ = [
    "KINDS",
    "Action",
    "Alert",
    "Answer",
    "Approval",
    "Checklist",
    "Contact",
    "Decision",
    "Deployment",
    "Evidence",
    "Factor",
    "Freeze",
    "Hypothesis",
    "Improvement",
    "Incident",
    "Link",
    "Objection",
    "Obligation",
    "Observation",
    "PlannedChange",
    "Postmortem",
    "Probe",
    "Problem",
    "Proof",
    "Proposal",
    "Record",
    "Recurrence",
    "Role",
    "Run",
    "Step",
    "Summons",
    "Update",
]
