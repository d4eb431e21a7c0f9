"""What a team knows: one module a family of records."""

from opsterm.records.action import Action
from opsterm.records.checklist import Run, Step
from opsterm.records.hypothesis import Evidence, Hypothesis
from opsterm.records.incident import Decision, Incident, Observation, Role
from opsterm.records.record import KINDS, Record
from opsterm.records.update import Update

__all__ = [
    "KINDS",
    "Action",
    "Decision",
    "Evidence",
    "Hypothesis",
    "Incident",
    "Observation",
    "Record",
    "Role",
    "Run",
    "Step",
    "Update",
]
